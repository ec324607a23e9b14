package dev.curfew.http;

import dev.curfew.token.Caller;
import java.util.function.Consumer;

/**
 * Tells whether a request to one of the host's own resources may go on, with the cookie, the rules and the answers of
 * the endpoints. Thread-safe; to be had from {@link SessionEndpoints#authentication()}.
 */
public final class BearerAuthentication {
    private final Authenticator authenticator;
    private final FailureMapper failures;

    /** Hears of each request that may go on. */
    private final Consumer<Caller> seen;

    BearerAuthentication(Authenticator authenticator, FailureMapper failures, Consumer<Caller> seen) {
        this.authenticator = authenticator;
        this.failures = failures;
        this.seen = seen;
    }

    /**
     * Verifies the token of a request, then asks whether it is revoked. Costs what the service's checker costs, or for
     * a session token what {@link dev.curfew.SessionCredentials#authenticate} does. Never throws for anything that a
     * client or an outage can cause. A request that may go on is a sign of life of its session, which is written at
     * most once a minute and never waited for, unless {@link SessionEndpointsBuilder#withoutTouch} says otherwise.
     *
     * <p>A token may come in the {@code Authorization} header or in the credential cookie, never in a body or a query.
     * With a cookie alone, every method but GET, HEAD and OPTIONS is also checked against requests that another site
     * caused.
     *
     * @param request what was received; neither body nor path id are looked at
     * @return the caller, or the answer to write
     */
    public AuthenticationResult authenticate(EndpointRequest request) {
        return failures.<AuthenticationResult>run(
                "authenticate",
                request,
                () -> {
                    Presented presented = authenticator.usable(request);
                    presented.requireActive();
                    Caller caller = presented.caller();
                    seen.accept(caller);
                    return new AuthenticationResult.Authenticated(caller);
                },
                AuthenticationResult.Refused::new);
    }
}
