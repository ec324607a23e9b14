package dev.curfew.http;

import dev.curfew.token.Caller;
import dev.curfew.token.ReauthenticationRequiredException;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells whether a request to one of the host's own resources may go on, with the cookie, the rules and the answers of
 * the endpoints. Thread-safe; to be had from {@link SessionEndpoints#authentication()}.
 */
public final class BearerAuthentication {
    private final Authenticator authenticator;
    private final Authenticator withoutWaiting;
    private final FailureMapper failures;

    /** Hears of each request that may go on. */
    private final Consumer<Caller> seen;

    BearerAuthentication(Authenticator authenticator, FailureMapper failures, Consumer<Caller> seen) {
        this.authenticator = authenticator;
        this.withoutWaiting = authenticator.withoutWaiting();
        this.failures = failures;
        this.seen = seen;
    }

    /**
     * Verifies the token of a request, then asks whether it is revoked. Costs what the service's checker costs, or for
     * a session token what {@link dev.curfew.SessionCredentials#authenticate} does. Never throws for anything that a
     * client or an outage can cause. A request that may go on is a sign of life of its session, which is written at
     * most once a minute and never waited for, unless {@link SessionEndpointsBuilder#withoutTouch} says otherwise.
     *
     * <p>A credential that is bound to a key is refused without {@link EndpointRequest.Builder#senderKey that key}.
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
                () -> new AuthenticationResult.Authenticated(caller(authenticator, request)),
                AuthenticationResult.Refused::new);
    }

    /** The caller where none is needed: nothing if no credential came, or one that is not good. */
    Optional<Caller> findCaller(EndpointRequest request) {
        return failures.<Optional<Caller>>run(
                "authenticate", request, () -> findCaller(authenticator, request), refused -> Optional.empty());
    }

    /**
     * Authenticates without waiting, for event loops: answers what {@link #authenticate} would, if this node can say it
     * from its own memory, and nothing if a worker has to ask. What is answered is as fresh as what
     * {@link #authenticate} answers: nothing is let pass here that would be refused there.
     *
     * <p>As a rule a request with an access token is answered here. A worker has to call {@link #authenticate}
     *
     * <ul>
     *   <li>while the replica is older than its staleness, as in an outage of the store, or not loaded yet: that call
     *       awaits one or two reads of the feed that all share, each for 2 seconds at most, and does not wait at all
     *       while the store is known to be down;
     *   <li>for each request if checks are authoritative: one round trip, bounded by the store's timeout;
     *   <li>for a session token that this node has not seen lately, or whose secret it does not know: one round trip;
     *   <li>before the keys of {@link dev.curfew.token.TokenKeys#remote} are loaded, when they are too old, and at an
     *       unknown key id: one request of the issuer, bounded by
     *       {@link dev.curfew.token.RemoteKeyOptions.Builder#timeout} and one second;
     *   <li>for a refusal that has to be counted by a limiter that does not answer
     *       {@linkplain dev.curfew.ratelimit.RateLimiter#answersAtOnce at once}, as that of Redis: one round trip.
     * </ul>
     *
     * <p>No thread of the host waits for a sign of life or an event, unless an executor was set that runs work on its
     * caller. What the host adds runs here, too, and must not block: the realms of
     * {@link SessionEndpointsBuilder#sessionTokens}, the tenants of a policy, the clock, and where its log goes to. A
     * signature that is not remembered is verified here: some 10 µs for HS256, up to 1 ms for ES256.
     *
     * @param request what was received; neither body nor path id are looked at
     * @return the caller, or the answer to write; nothing if {@link #authenticate} is to be asked on a worker
     */
    public Optional<AuthenticationResult> authenticateNow(EndpointRequest request) {
        return failures.<Optional<AuthenticationResult>>run(
                "authenticate",
                request,
                () -> unlessWaiting(() -> new AuthenticationResult.Authenticated(caller(withoutWaiting, request))),
                refused -> Optional.of(new AuthenticationResult.Refused(refused)));
    }

    /** The same where no caller is needed. */
    Optional<Optional<Caller>> findCallerNow(EndpointRequest request) {
        return failures.<Optional<Optional<Caller>>>run(
                "authenticate",
                request,
                () -> unlessWaiting(() -> findCaller(withoutWaiting, request)),
                refused -> Optional.of(Optional.empty()));
    }

    private Optional<Caller> findCaller(Authenticator way, EndpointRequest request) throws Rejection {
        // Who sends none is nobody's bad caller, and is not counted as one.
        return way.credentials(request, null).isEmpty() ? Optional.empty() : Optional.of(caller(way, request));
    }

    private Caller caller(Authenticator way, EndpointRequest request) throws Rejection {
        Presented presented = way.usable(request);
        presented.requireActive();
        Caller caller = presented.caller();
        seen.accept(caller);
        return failures.known(caller);
    }

    private static <T> Optional<T> unlessWaiting(FailureMapper.Call<T> call) throws Rejection {
        try {
            return Optional.of(call.run());
        } catch (MustWaitException e) {
            return Optional.empty();
        }
    }

    /**
     * Answers a request whose caller has to prove more, by the challenge of RFC 9470: 401 with {@code max_age} and
     * {@code acr_values}. No cookie is touched, and the session goes on. Within the endpoints, the exception is
     * answered so by itself.
     *
     * @param request what was received
     * @param demand what {@link Caller#requireAuthenticatedWithin} has thrown
     * @return the answer to write; classes that are no visible ASCII characters are left out
     */
    public EndpointResponse challenge(EndpointRequest request, ReauthenticationRequiredException demand) {
        Objects.requireNonNull(demand, "demand");
        return failures.answer("challenge", request, () -> {
            throw Rejection.demanding(demand);
        });
    }
}
