package dev.curfew.oidc;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamOutcome;
import dev.curfew.UpstreamSignal;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.meter.Meter;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import dev.curfew.token.TokenPolicy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The relying party's side of OpenID Connect Back-Channel Logout 1.0: an identity provider says that a login is over,
 * and it is over on every node. Thread-safe.
 *
 * <p>200 says that the end is recorded, whether or not anybody here had such a login; it is never said in an outage. A
 * token that comes again, late or behind a later one ends no login that it does not speak of, so that no memory of
 * tokens is needed. A text that is not an authentic logout token of the provider costs no call to the store, and no
 * address is shut out: providers share theirs.
 *
 * <p>Two round trips to the store: what has ended, and which sessions of ours began from it. One more where it keeps
 * what is said of a session in several parts.
 */
public final class BackChannelLogoutEndpoint {
    private static final String LOGOUT_TOKEN = "logout_token";

    private final SessionService service;
    private final Upstream upstream;
    private final EventTokenVerifier tokens;
    private final boolean isOutage503;
    private final EndpointFailures failures = new EndpointFailures(BackChannelLogoutEndpoint.class);
    private final LogoutCounts counts = new LogoutCounts();

    private BackChannelLogoutEndpoint(Builder builder) {
        this.service = builder.service;
        this.upstream = builder.upstream;
        this.tokens = builder.tokens;
        this.isOutage503 = builder.isOutage503;
    }

    /**
     * Starts an endpoint for an upstream whose access tokens are verified here.
     *
     * @param service that records what has ended
     * @param upstream whose logouts are received
     * @param tokens by which its logout tokens are verified: of the profile
     *     {@link EventTokenPolicy.Profile#LOGOUT}, and of the upstream's realm and issuer
     * @return a builder
     */
    public static Builder of(SessionService service, Upstream upstream, EventTokenVerifier tokens) {
        return new Builder(service, upstream, tokens);
    }

    /**
     * Answers a request. Never throws for anything that a provider or an outage can cause.
     *
     * @param request {@code POST} of a form with {@code logout_token}
     * @return 200 without a body; 400, 405, 413 or 415 with an error in JSON; and 503 if that was asked for
     */
    public EndpointResponse answer(EndpointRequest request) {
        EndpointResponse answer = failures.answer(request, () -> receive(request));
        counts.count(answer.status());
        boolean isFailure = answer.status() >= 500;
        return isFailure && !(isOutage503 && answer.status() == 503) ? failed() : answer;
    }

    /**
     * What the relying party says of itself at the provider (§2.2): members for its registration, with exact names.
     *
     * @param endpoint where this endpoint is reached, as the provider sees it: {@code https}, without a fragment
     * @return {@code backchannel_logout_uri} and {@code backchannel_logout_session_required}, unmodifiable
     */
    public Map<String, Object> registration(URI endpoint) {
        if (!"https".equals(endpoint.getScheme()) || endpoint.getFragment() != null) {
            throw new IllegalArgumentException("backchannel_logout_uri is an https URI without a fragment");
        }
        return Map.of(
                "backchannel_logout_uri",
                endpoint.toString(),
                "backchannel_logout_session_required",
                !upstream.endsAllOfSubject());
    }

    /** {@return how many requests were accepted, refused, and not recorded} */
    public List<Meter> meters() {
        return counts.meters();
    }

    private EndpointResponse receive(EndpointRequest request) throws RefusedRequestException, UnreadableFormException {
        if (!request.method().equals("POST")) {
            throw RefusedRequestException.methodNotAllowed("POST");
        }
        String text = request.form()
                .find(LOGOUT_TOKEN)
                .orElseThrow(() -> RefusedRequestException.malformed("the parameter logout_token is missing"));
        UpstreamOutcome outcome = end(text);
        if (outcome instanceof UpstreamOutcome.Ignored ignored && !isHarmless(ignored.cause())) {
            throw RefusedRequestException.malformed("the logout token names nothing that could be ended here");
        }
        return EndpointAnswers.empty(200);
    }

    private UpstreamOutcome end(String text) throws RefusedRequestException {
        try {
            return service.upstreams().end(signal(tokens.verify(text)));
        } catch (InvalidEventTokenException e) {
            throw RefusedRequestException.malformed("the logout token is refused: " + e.reason());
        } catch (InvalidIdentifierException e) {
            throw RefusedRequestException.malformed("the logout token names a subject or a session by what is no name");
        }
    }

    private UpstreamSignal signal(EventToken token) {
        UpstreamSignal.Builder signal = UpstreamSignal.of(upstream, token.id()).endedAt(token.issuedAt());
        token.subject().ifPresent(signal::subject);
        token.sessionId().ifPresent(signal::session);
        return signal.build();
    }

    /** Whom nobody knows here has nothing that could go on. */
    private static boolean isHarmless(UpstreamOutcome.Cause cause) {
        return cause == UpstreamOutcome.Cause.UNKNOWN_SUBJECT;
    }

    /** §2.8 has one status for a request that is wrong and for a logout that has failed. */
    private static EndpointResponse failed() {
        return EndpointAnswers.error(400, "invalid_request", "the logout is not known to be recorded: send it again");
    }

    /** Collects the settings of a {@link BackChannelLogoutEndpoint}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final Upstream upstream;
        private final EventTokenVerifier tokens;
        private boolean isOutage503;

        private Builder(SessionService service, Upstream upstream, EventTokenVerifier tokens) {
            this.service = Objects.requireNonNull(service, "service");
            this.upstream = Objects.requireNonNull(upstream, "upstream");
            this.tokens = Objects.requireNonNull(tokens, "tokens");
        }

        /**
         * Answers an outage with 503 and {@code Retry-After} in place of the 400 of §2.8, for providers that send again
         * after the one and not after the other.
         *
         * @return this
         */
        public Builder outagesAnswer503() {
            this.isOutage503 = true;
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         * @throws IllegalStateException if the verifier is of another profile, realm or issuer than the upstream, or
         *     the service forgets sooner than the upstream's tokens end
         */
        public BackChannelLogoutEndpoint build() {
            EventTokenPolicy policy = tokens.policy();
            if (policy.profile() != EventTokenPolicy.Profile.LOGOUT) {
                throw new IllegalStateException("the verifier of logout tokens has the profile " + policy.profile()
                        + ": its policy needs EventTokenPolicy.of(Profile.LOGOUT, ...)");
            }
            requireSame("realm", policy.realm().name(), upstream.realm().name());
            requireSame("issuer", policy.issuer(), upstream.issuer());
            TokenPolicy accessTokens = upstream.tokensCheckedHere()
                    .orElseThrow(() -> new IllegalStateException("the upstream " + upstream.issuer()
                            + " is linksOnly(): a node that dies while it ends sessions leaves the rest to a lane, so"
                            + " that its logouts are received by of(deliveries, ...)"));
            service.requireOutlives(accessTokens);
            return new BackChannelLogoutEndpoint(this);
        }

        private static void requireSame(String what, String ofVerifier, String ofUpstream) {
            if (!ofVerifier.equals(ofUpstream)) {
                throw new IllegalStateException("the verifier of logout tokens has the " + what + " \"" + ofVerifier
                        + "\", and the upstream \"" + ofUpstream + "\": give both the same");
            }
        }
    }
}
