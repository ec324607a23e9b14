package dev.curfew.examples.jaxrs;

import dev.curfew.event.RequestContext;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FilterResult;
import dev.curfew.http.FilterResult.Answered;
import dev.curfew.http.FilterResult.Passed;
import dev.curfew.http.RequestFilter;
import dev.curfew.token.Caller;
import jakarta.inject.Inject;
import jakarta.inject.Provider;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.io.IOException;

/** Has Curfew decide on each request, before a resource is looked for. Thread-safe. */
@PreMatching
public final class CurfewFilter implements ContainerRequestFilter, ContainerResponseFilter {
    private static final String REQUEST = "curfew.request";
    private static final String PASSED = "curfew.passed";
    private static final String SCOPE = "curfew.scope";

    private final RequestFilter filter;

    /** Knows what was received as it was written, and from where. */
    private final Provider<HttpServletRequest> servlet;

    /** Made by Jersey. */
    @Inject
    public CurfewFilter(RequestFilter filter, Provider<HttpServletRequest> servlet) {
        this.filter = filter;
        this.servlet = servlet;
    }

    @Override
    public void filter(ContainerRequestContext http) throws IOException {
        String target = target(servlet.get());
        EndpointRequest request = received(http, target);
        FilterResult result = filter.filter(target, request);
        if (result instanceof Answered answered) {
            http.abortWith(toJaxRs(answered.response()));
        } else if (result instanceof Passed passed) {
            http.setProperty(REQUEST, request);
            http.setProperty(PASSED, passed);
            http.setProperty(SCOPE, passed.context().open());
        }
    }

    /** On the thread of the request filter, unless a resource is asynchronous. */
    @Override
    public void filter(ContainerRequestContext http, ContainerResponseContext response) {
        if (http.getProperty(SCOPE) instanceof RequestContext.Scope scope) {
            scope.close();
        }
    }

    /** As it was received: a path of JAX-RS is decoded, and may be another one. */
    private static String target(HttpServletRequest in) {
        return in.getQueryString() == null ? in.getRequestURI() : in.getRequestURI() + "?" + in.getQueryString();
    }

    /** The body is read for Curfew's endpoints only: any other is the resource's. */
    private EndpointRequest received(ContainerRequestContext http, String target) throws IOException {
        EndpointRequest.Builder request = EndpointRequest.of(http.getMethod())
                .headers(http.getHeaders())
                // Of the connection: behind a proxy of your own, add TrustedProxies.
                .clientAddress(servlet.get().getRemoteAddr())
                .secure(servlet.get().isSecure());
        if (filter.isEndpoint(target)) {
            request.body(http.getEntityStream(), filter.endpoints().maxBodyBytes());
        }
        return request.build();
    }

    static Response toJaxRs(EndpointResponse answer) {
        byte[] body = answer.body();
        Response.ResponseBuilder out = Response.ok(body.length == 0 ? null : body);
        answer.writeHead(out::status, out::header, out::header);
        return out.build();
    }

    /** The request as Curfew reads it. */
    static EndpointRequest request(ContainerRequestContext http) {
        return (EndpointRequest) http.getProperty(REQUEST);
    }

    /** Who calls a resource that is not open. */
    static Caller caller(ContainerRequestContext http) {
        return ((Passed) http.getProperty(PASSED)).caller().orElseThrow();
    }
}
