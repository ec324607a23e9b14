package dev.curfew.spring;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.FormParameters;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.web.HttpRequestHandler;

/**
 * One of Curfew's endpoints of other standards, as a bean whose name is its path. Thread-safe if the endpoint is.
 * <pre>{@code @Bean("/backchannel-logout")
 * EndpointHandler backChannelLogout(BackChannelLogoutEndpoint endpoint) {
 *     return EndpointHandler.of(endpoint::answer);
 * }}</pre>
 *
 * <p>It answers every method by itself; whoever may call proves so within the request. So the path has to be open in
 * the host's {@code SecurityFilterChain} (or in {@code curfew.http.open}), and without CSRF tokens, as
 * {@link CurfewSecurity} has it. The query is not looked at, and what reads the form before leaves nothing to read.
 */
public final class EndpointHandler implements HttpRequestHandler {
    private final Function<EndpointRequest, EndpointResponse> endpoint;

    private EndpointHandler(Function<EndpointRequest, EndpointResponse> endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * Makes a handler.
     *
     * @param endpoint a reference to {@code answer} of an endpoint of Curfew's
     * @return the handler
     */
    public static EndpointHandler of(Function<EndpointRequest, EndpointResponse> endpoint) {
        return new EndpointHandler(Objects.requireNonNull(endpoint, "endpoint"));
    }

    /** Reads no more of a body than the endpoints accept. */
    @Override
    public void handleRequest(HttpServletRequest in, HttpServletResponse out) throws IOException {
        ServletCalls.write(endpoint.apply(ServletCalls.whole(in, FormParameters.MAX_BYTES)), out);
    }
}
