package dev.curfew.ssf;

import dev.curfew.ServiceBasis;
import dev.curfew.SessionService;
import dev.curfew.Upstream;
import dev.curfew.UpstreamOutcome;
import dev.curfew.UpstreamSignal;
import dev.curfew.deliver.Deliveries;
import dev.curfew.deliver.DeliveryStatus;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.token.EventBody;
import dev.curfew.token.EventToken;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.InvalidEventTokenException;
import dev.curfew.work.RedactedException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the security events of one transmitter, whichever way they come: {@link PushEndpoint} and
 * {@link PollReceiver} are made of one and the same. Thread-safe.
 *
 * <p>A SET is one act, named by issuer and {@code jti}, up to the transmitter's own instant: pushed, polled, repeated
 * and in any order it ends the same, and no memory of SETs is needed. An authentic SET about nobody whom this host
 * knows is accepted like any other.
 */
public final class SecurityEventReceiver {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityEventReceiver.class);

    private final SessionService service;
    private final Upstream upstream;
    private final EventTokenVerifier verifier;
    private final SignalReader reader;
    private final StreamEvents stream;
    private final @Nullable SignalListener listener;

    /** Null if the store keeps no shared records. */
    private final @Nullable ExpectedStates states;

    private final LookupKey name;
    private final Set<SignalListener.Why> warned = ConcurrentHashMap.newKeySet();

    private SecurityEventReceiver(Builder builder) {
        this.service = builder.service;
        this.upstream = builder.upstream;
        this.verifier = builder.verifier;
        this.reader = new SignalReader(
                upstream, builder.reactions, builder.eventTime, builder.opaqueSubject, builder.criticalMembers);
        this.listener = builder.listener;
        String streamId = builder.streamId;
        this.name = LookupKey.of(
                "ssf-stream", upstream.realm().name(), upstream.issuer(), streamId == null ? "" : streamId);
        ServiceBasis basis = service.basis();
        this.states = basis.records()
                .map(records -> new ExpectedStates(records, name, basis.clock()))
                .orElse(null);
        this.stream = new StreamEvents(streamId, states);
    }

    /**
     * Starts a receiver for an upstream whose access tokens are verified here.
     *
     * @param service that records what has ended
     * @param upstream the transmitter
     * @param verifier by which its SETs are verified: of the profile
     *     {@link EventTokenPolicy.Profile#SECURITY_EVENT}, and of the upstream's realm and issuer
     * @return a builder
     */
    public static Builder of(SessionService service, Upstream upstream, EventTokenVerifier verifier) {
        return new Builder(service, null, upstream, verifier);
    }

    /**
     * Starts a receiver for an upstream from whose logins sessions of ours began; its access tokens may be verified
     * here too. What a node that dies has left undone, the deliveries of any node finish. No SET waits for them: one is
     * accepted when every such session has ended.
     *
     * @param deliveries that were started on this node; they may be closed before the receiver is used last
     * @param upstream the transmitter
     * @param verifier as for the others
     * @return a builder
     */
    public static Builder of(Deliveries deliveries, Upstream upstream, EventTokenVerifier verifier) {
        return new Builder(deliveries.service(), deliveries, upstream, verifier);
    }

    /**
     * Makes a state for a request that the transmitter verify the stream (Shared Signals Framework 1.0, section
     * 8.1.4.2), and expects its event on whatever node for half an hour. A verification with a state that nobody
     * expects is refused with {@code invalid_state}; one without a state is accepted at any time. One round trip.
     *
     * @return what to send as {@code state}, 22 letters, digits, {@code -} and {@code _}
     * @throws IllegalStateException if the store keeps no shared records
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer: do not send it then
     */
    public String expectVerification() {
        if (states == null) {
            throw new IllegalStateException(
                    "expectVerification() needs a store that implements SharedRecords: memory," + " JDBC and Redis do");
        }
        return states.add();
    }

    SessionService service() {
        return service;
    }

    Upstream upstream() {
        return upstream;
    }

    /** Tells the stream from all others of this store. */
    LookupKey name() {
        return name;
    }

    /**
     * Verifies. No call of the store.
     *
     * @throws dev.curfew.session.CurfewException if that cannot be done now
     */
    EventToken verify(String text) throws RefusedSetException {
        try {
            return verifier.verify(text);
        } catch (InvalidEventTokenException e) {
            throw RefusedSetException.of(e);
        }
    }

    /**
     * Records what a SET ends, and returns when it is recorded.
     *
     * @return why it ends nothing, if it does not
     * @throws dev.curfew.session.CurfewException if it is not known to be recorded
     */
    Optional<SignalListener.Why> act(EventToken token) throws RefusedSetException {
        EventBody event = token.event();
        SignalListener.Why why =
                StreamEvents.isAboutStream(event.type()) ? stream.receive(token, event) : end(token, event);
        if (why != null) {
            tell(token, why);
        }
        return Optional.ofNullable(why);
    }

    private SignalListener.@Nullable Why end(EventToken token, EventBody event) throws RefusedSetException {
        try {
            SignalReader.Reading reading = reader.read(token, event);
            UpstreamSignal signal = reading.signal();
            return signal == null ? reading.why() : why(service.upstreams().end(signal));
        } catch (InvalidIdentifierException e) {
            throw RefusedSetException.of(
                    SetError.INVALID_REQUEST, "the SET names a subject, a session or a token by what is no name");
        }
    }

    private static SignalListener.@Nullable Why why(UpstreamOutcome outcome) throws RefusedSetException {
        if (!(outcome instanceof UpstreamOutcome.Ignored ignored)) {
            return null;
        }
        return switch (ignored.cause()) {
            case OTHER_ISSUER, UNKNOWN_SUBJECT, UNREACHABLE_TOKEN -> SignalListener.Why.OTHER_SUBJECT;
            case UNREACHABLE_SESSION ->
                throw RefusedSetException.of(
                        SetError.INVALID_REQUEST, "the SET names a session alone, and no token here names any");
            case IN_THE_FUTURE ->
                throw RefusedSetException.of(SetError.INVALID_REQUEST, "the event is more than five minutes ahead");
        };
    }

    private void tell(EventToken token, SignalListener.Why why) {
        if (why.isIgnored() && why != SignalListener.Why.OTHER_EVENT && warned.add(why)) {
            LOG.warn(
                    "a SET of {} about what could end here ends nothing, {}: {}; said once",
                    upstream.issuer(),
                    why,
                    why == SignalListener.Why.CRITICAL_MEMBER
                            ? "criticalMembers(...) names a member that is not understood"
                            : "see subjectIssuer(...), subjects(resolver) and opaqueSubject(...)");
        }
        if (listener == null) {
            return;
        }
        try {
            listener.onSignal(token, why);
        } catch (Throwable e) {
            // A host's, in any language: it may throw whatever there is.
            LOG.error("listener(...) has failed for a SET, which is accepted all the same", new RedactedException(e));
        }
    }

    /** Collects the settings of a {@link SecurityEventReceiver}. Confined to one thread. */
    public static final class Builder {
        private final SessionService service;
        private final @Nullable Deliveries deliveries;
        private final Upstream upstream;
        private final EventTokenVerifier verifier;
        private final Set<String> criticalMembers = new LinkedHashSet<>();
        private SignalReactions reactions = SignalReactions.usual();
        private EventTime eventTime = EventTime.OF_EVENT;
        private OpaqueMeaning opaqueSubject = OpaqueMeaning.SESSION;
        private @Nullable SignalListener listener;
        private @Nullable String streamId;

        private Builder(
                SessionService service,
                @Nullable Deliveries deliveries,
                Upstream upstream,
                EventTokenVerifier verifier) {
            this.service = Objects.requireNonNull(service, "service");
            this.deliveries = deliveries;
            this.upstream = Objects.requireNonNull(upstream, "upstream");
            this.verifier = Objects.requireNonNull(verifier, "verifier");
        }

        /**
         * Sets which events end what.
         *
         * @param value {@link SignalReactions#usual} by default
         * @return this
         */
        public Builder reactions(SignalReactions value) {
            this.reactions = Objects.requireNonNull(value, "reactions");
            return this;
        }

        /**
         * Sets up to which instant an event ends logins.
         *
         * @param value {@link EventTime#OF_EVENT} by default
         * @return this
         */
        public Builder eventTime(EventTime value) {
            this.eventTime = Objects.requireNonNull(value, "eventTime");
            return this;
        }

        /**
         * Sets what a lone {@code opaque} subject is in {@code session-revoked}. In events about accounts and
         * credentials, and as member {@code user}, it is always a subject; as member {@code session}, a session.
         *
         * @param value {@link OpaqueMeaning#SESSION} by default, as in the examples of CAEP
         * @return this
         */
        public Builder opaqueSubject(OpaqueMeaning value) {
            this.opaqueSubject = Objects.requireNonNull(value, "opaqueSubject");
            return this;
        }

        /**
         * Names the members of complex subjects that the transmitter's metadata call critical ({@code
         * critical_subject_members}). An event with one that is not understood here is accepted and ends nothing;
         * {@code user} and {@code session} are understood.
         *
         * @param names none by default
         * @return this
         */
        public Builder criticalMembers(String... names) {
            criticalMembers.addAll(List.of(names));
            return this;
        }

        /**
         * Hears of what ends nothing.
         *
         * @param value nobody by default
         * @return this
         */
        public Builder listener(SignalListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Names the stream, as the transmitter does: what it says about another one is refused.
         *
         * @param value {@code stream_id}; any unless set
         * @return this
         */
        public Builder streamId(String value) {
            if (Objects.requireNonNull(value, "streamId").isEmpty()) {
                throw new IllegalArgumentException("streamId must not be empty: leave it out if it is not known");
            }
            this.streamId = value;
            return this;
        }

        /**
         * Makes the receiver.
         *
         * @return a receiver for all threads
         * @throws IllegalStateException if the verifier is of another profile, realm or issuer than the upstream, or
         *     the service forgets sooner than the upstream's tokens end; the upstream is of links only and no
         *     deliveries were given; or these were not started, or are closed
         */
        public SecurityEventReceiver build() {
            EventTokenPolicy policy = verifier.policy();
            if (policy.profile() != EventTokenPolicy.Profile.SECURITY_EVENT) {
                throw new IllegalStateException("the verifier of SETs has the profile " + policy.profile()
                        + ": its policy needs EventTokenPolicy.of(Profile.SECURITY_EVENT, ...)");
            }
            requireSame("realm", policy.realm().name(), upstream.realm().name());
            requireSame("issuer", policy.issuer(), upstream.issuer());
            upstream.tokensCheckedHere().ifPresent(service::requireOutlives);
            if (deliveries != null) {
                requireRunning(deliveries.status().state());
            } else if (upstream.isLinksOnly()) {
                throw new IllegalStateException("the upstream " + upstream.issuer()
                        + " is linksOnly(): a node that dies while it ends sessions leaves the rest to Deliveries, so"
                        + " that its SETs are received by of(deliveries, ...)");
            }
            return new SecurityEventReceiver(this);
        }

        private static void requireRunning(DeliveryStatus.State state) {
            switch (state) {
                case NEW ->
                    throw new IllegalStateException("of(deliveries, ...): these Deliveries were not started, so that"
                            + " nobody would end what a node that dies leaves: call start() before build()");
                case CLOSED ->
                    throw new IllegalStateException("of(deliveries, ...): these Deliveries were closed, and nobody"
                            + " here would end what a node that dies leaves: make new ones, and start()"
                            + " them");
                case RUNNING -> {}
            }
        }

        private static void requireSame(String what, String ofVerifier, String ofUpstream) {
            if (!ofVerifier.equals(ofUpstream)) {
                throw new IllegalStateException("the verifier of SETs has the " + what + " \"" + ofVerifier
                        + "\", and the upstream \"" + ofUpstream + "\": give both the same");
            }
        }
    }
}
