package dev.curfew.testkit;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.RequestFilter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Calls a host through its {@link RequestFilter}, in values and without a network: Curfew's endpoints answer, and the
 * host's own resources are let pass or not. Immutable: each setting is of the client that it answers.
 */
public final class TestClient {
    private final RequestFilter filter;
    private final UnaryOperator<EndpointRequest.Builder> settings;
    private final List<String> cookies;

    private TestClient(RequestFilter filter, UnaryOperator<EndpointRequest.Builder> settings, List<String> cookies) {
        this.filter = filter;
        this.settings = settings;
        this.cookies = cookies;
    }

    /**
     * A client of a filter that the host's own code has made.
     *
     * @param filter of the host's
     * @return a client without a credential
     */
    public static TestClient of(RequestFilter filter) {
        return new TestClient(
                Objects.requireNonNull(filter, "filter"),
                request -> request.secure(true).clientAddress("192.0.2.1"),
                List.of());
    }

    /**
     * Sends a header with each request.
     *
     * @param name of the header
     * @param value of the header
     * @return another client
     */
    public TestClient header(String name, String value) {
        return with(request -> request.header(name, value));
    }

    /**
     * Sends a cookie with each request, as a page of the host's own does: with {@code Sec-Fetch-Site: same-origin}.
     *
     * @param name of the cookie
     * @param value of the cookie
     * @return another client
     */
    public TestClient cookie(String name, String value) {
        return new TestClient(
                filter,
                settings,
                Stream.concat(cookies.stream(), Stream.of(name + "=" + value)).toList());
    }

    /**
     * Sends whatever else with each request.
     *
     * @param more for example {@code request -> request.clientAddress("198.51.100.7")}
     * @return another client
     */
    public TestClient with(UnaryOperator<EndpointRequest.Builder> more) {
        return new TestClient(filter, request -> more.apply(settings.apply(request)), cookies);
    }

    /**
     * Calls {@code GET}.
     *
     * @param target path and query, for example {@code /api/auth/sessions?limit=1}
     * @return the answer of the endpoint, or the refusal
     * @throws AssertionError if it is not answered: a resource of the host's is there
     */
    public EndpointResponse get(String target) {
        return send(target, request("GET"));
    }

    /**
     * Calls {@code POST} without a body.
     *
     * @param target path and query
     * @return the answer, as of {@link #get}
     */
    public EndpointResponse post(String target) {
        return send(target, request("POST"));
    }

    /**
     * Calls {@code POST}.
     *
     * @param target path and query
     * @param json the body
     * @return the answer, as of {@link #get}
     */
    public EndpointResponse post(String target, String json) {
        return send(target, json(request("POST"), json));
    }

    /**
     * Calls {@code PATCH}.
     *
     * @param target path and query
     * @param json the body
     * @return the answer, as of {@link #get}
     */
    public EndpointResponse patch(String target, String json) {
        return send(target, json(request("PATCH"), json));
    }

    /**
     * Calls {@code DELETE}.
     *
     * @param target path and query
     * @return the answer, as of {@link #get}
     */
    public EndpointResponse delete(String target) {
        return send(target, request("DELETE"));
    }

    /**
     * Asks the filter alone, about an endpoint or a resource of the host's.
     *
     * @param method for example {@code GET}
     * @param target path and query, with the context path if there is one
     * @return what the host is to do: {@link FilterResult.Answered} or {@link FilterResult.Passed}
     */
    public FilterResult filter(String method, String target) {
        return filter.filter(target, request(method).build());
    }

    /**
     * A request of this client, for code of the host's that takes one.
     *
     * @param method for example {@code GET}
     * @return a request, to be completed
     */
    public EndpointRequest.Builder request(String method) {
        EndpointRequest.Builder request = settings.apply(EndpointRequest.of(method));
        return cookies.isEmpty()
                ? request
                : request.header("Cookie", String.join("; ", cookies)).header("Sec-Fetch-Site", "same-origin");
    }

    private EndpointResponse send(String target, EndpointRequest.Builder request) {
        if (filter.filter(target, request.build()) instanceof FilterResult.Answered answered) {
            return answered.response();
        }
        throw new AssertionError("a resource of the host's is at " + target
                + ", and no endpoint of Curfew: ask filter(method, target) whether it may be had");
    }

    private static EndpointRequest.Builder json(EndpointRequest.Builder request, String body) {
        return request.header("Content-Type", "application/json").body(body.getBytes(StandardCharsets.UTF_8));
    }
}
