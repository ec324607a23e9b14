package dev.curfew.oidc;

import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamOutcome;
import dev.curfew.UpstreamSignal;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.DeliveryStatus;
import dev.curfew.endpoint.EndpointAnswers;
import dev.curfew.endpoint.EndpointFailures;
import dev.curfew.endpoint.RefusedRequestException;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.UnreadableFormException;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
 * what is said of a session in several parts, one for each session of ours that ends, and two with
 * {@link Builder#refuseReplays}.
 */
public final class BackChannelLogoutEndpoint {
    private static final String LOGOUT_TOKEN = "logout_token";

    private final SessionService service;
    private final Upstream upstream;
    private final EventTokenVerifier tokens;
    private final boolean isOutage503;

    /** Null if a token that comes again is answered as it was. */
    private final @Nullable SeenLogoutTokens seen;

    private final EndpointFailures failures = new EndpointFailures(BackChannelLogoutEndpoint.class);
    private final LogoutCounts counts = new LogoutCounts();
    private final TroubleLog refusals = new TroubleLog(
            BackChannelLogoutEndpoint.class,
            "logout tokens are refused",
            "logout tokens are accepted again",
            System::nanoTime);

    private BackChannelLogoutEndpoint(Builder builder) {
        this.service = builder.service;
        this.upstream = builder.upstream;
        this.tokens = builder.tokens;
        this.isOutage503 = builder.isOutage503;
        this.seen = builder.refusesReplays ? builder.seenTokens() : null;
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
        return new Builder(service, null, upstream, tokens);
    }

    /**
     * Starts an endpoint for an upstream from whose logins sessions of ours began, whether or not its access tokens are
     * verified here too. What a node that dies has left undone, the deliveries of any node finish. An answer never
     * waits for them: 200 says that every such session has ended.
     *
     * @param deliveries that were started on this node; they may be closed before the endpoint is used last
     * @param upstream whose logouts are received
     * @param tokens as for the others
     * @return a builder
     */
    public static Builder of(Deliveries deliveries, Upstream upstream, EventTokenVerifier tokens) {
        return new Builder(deliveries.service(), deliveries, upstream, tokens);
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
        EventToken token = verified(text);
        if (seen != null && seen.contains(token)) {
            throw RefusedRequestException.malformed("the logout token was received before");
        }
        UpstreamOutcome outcome = end(token);
        if (outcome instanceof UpstreamOutcome.Ignored ignored && !isHarmless(ignored.cause())) {
            throw RefusedRequestException.malformed("the logout token names nothing that could be ended here");
        }
        // Not before: a token whose logout has failed comes again.
        if (seen != null && !seen.add(token)) {
            throw RefusedRequestException.malformed("the logout token was received before");
        }
        return EndpointAnswers.empty(200);
    }

    private EventToken verified(String text) throws RefusedRequestException {
        try {
            EventToken token = tokens.verify(text);
            refusals.worked();
            return token;
        } catch (InvalidEventTokenException e) {
            refusals.failed(e);
            throw RefusedRequestException.malformed("the logout token is refused: " + e.reason());
        }
    }

    private UpstreamOutcome end(EventToken token) throws RefusedRequestException {
        try {
            return service.upstreams().end(signal(token));
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
        private final @Nullable Deliveries deliveries;
        private final Upstream upstream;
        private final EventTokenVerifier tokens;
        private boolean isOutage503;
        private boolean refusesReplays;

        private Builder(
                SessionService service, @Nullable Deliveries deliveries, Upstream upstream, EventTokenVerifier tokens) {
            this.service = Objects.requireNonNull(service, "service");
            this.deliveries = deliveries;
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
         * Refuses a logout token that was accepted before, on whatever node, where a policy demands that (§2.6, step
         * 7). It ends nothing that the first did not, with or without this. A provider that has not heard the answer to
         * the first, and sends it again, reads 400.
         *
         * <p>What was accepted is remembered in the service's shared records, until the token is over by its
         * {@code exp} and the skew of its policy. Nothing is remembered of a token that was refused, or whose logout is
         * not known to be recorded. Two round trips more; if the second is not answered, the logout is recorded, and
         * the provider reads that it may send it again.
         *
         * @return this
         */
        public Builder refuseReplays() {
            this.refusesReplays = true;
            return this;
        }

        /**
         * Makes the endpoint.
         *
         * @return an endpoint for all threads
         * @throws IllegalStateException if the verifier is of another profile, realm or issuer than the upstream; the
         *     service forgets sooner than the upstream's tokens end; the upstream is of links only and no deliveries
         *     were given; these were not started, or are closed; or replays are to be refused and the service's store
         *     keeps no shared records
         */
        public BackChannelLogoutEndpoint build() {
            EventTokenPolicy policy = tokens.policy();
            if (policy.profile() != EventTokenPolicy.Profile.LOGOUT) {
                throw new IllegalStateException("the verifier of logout tokens has the profile " + policy.profile()
                        + ": its policy needs EventTokenPolicy.of(Profile.LOGOUT, ...)");
            }
            requireSame("realm", policy.realm().name(), upstream.realm().name());
            requireSame("issuer", policy.issuer(), upstream.issuer());
            upstream.tokensCheckedHere().ifPresent(service::requireOutlives);
            if (deliveries != null) {
                requireRunning(deliveries.status().state());
            } else if (upstream.isLinksOnly()) {
                throw new IllegalStateException("the upstream " + upstream.issuer()
                        + " is linksOnly(): a node that dies while it ends sessions leaves the rest to Deliveries, so"
                        + " that its logouts are received by of(deliveries, ...)");
            }
            return new BackChannelLogoutEndpoint(this);
        }

        private static void requireRunning(DeliveryStatus.State state) {
            switch (state) {
                case NEW ->
                    throw new IllegalStateException("of(deliveries, ...): these Deliveries were not started, so that"
                            + " nobody would end what a node that dies leaves: call start() before build()");
                case CLOSED ->
                    throw new IllegalStateException("of(deliveries, ...): these Deliveries were closed, and nobody here"
                            + " would end what a node that dies leaves: make new ones, and start() them");
                case RUNNING -> {}
            }
        }

        private SeenLogoutTokens seenTokens() {
            return service.basis()
                    .records()
                    .map(records -> new SeenLogoutTokens(
                            records, service.basis().clock(), tokens.policy().skew()))
                    .orElseThrow(() -> new IllegalStateException("refuseReplays() needs a store that implements"
                            + " SharedRecords: memory, JDBC and Redis do"));
        }

        private static void requireSame(String what, String ofVerifier, String ofUpstream) {
            if (!ofVerifier.equals(ofUpstream)) {
                throw new IllegalStateException("the verifier of logout tokens has the " + what + " \"" + ofVerifier
                        + "\", and the upstream \"" + ofUpstream + "\": give both the same");
            }
        }
    }
}
