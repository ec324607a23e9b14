package dev.curfew.ssf;

import dev.curfew.token.EventBody;
import dev.curfew.token.EventToken;
import dev.curfew.token.SubjectIdentifier;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a transmitter says about the stream itself (Shared Signals Framework 1.0, section 8.1.4 and 8.1.5). */
final class StreamEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SecurityEventReceiver.class);
    private static final String EVENTS = "https://schemas.openid.net/secevent/";

    /** As the framework was called in its drafts, and in the dialect before it, which names no stream. */
    private static final String LEGACY_VERIFICATION = EVENTS + "risc/event-type/verification";

    private static final Set<String> VERIFICATION =
            Set.of(EVENTS + "ssf/event-type/verification", EVENTS + "sse/event-type/verification", LEGACY_VERIFICATION);

    private static final Set<String> UPDATED =
            Set.of(EVENTS + "ssf/event-type/stream-updated", EVENTS + "sse/event-type/stream-updated");

    private static final Set<String> STATUSES = Set.of("enabled", "paused", "disabled");

    /** Null if the host has not said it. */
    private final @Nullable String streamId;

    /** Null if the store keeps no shared records. */
    private final @Nullable ExpectedStates states;

    StreamEvents(@Nullable String streamId, @Nullable ExpectedStates states) {
        this.streamId = streamId;
        this.states = states;
    }

    static boolean isAboutStream(String eventType) {
        return VERIFICATION.contains(eventType) || UPDATED.contains(eventType);
    }

    /** What it was. One round trip for a verification with a state, none for all else. */
    SignalListener.Why receive(EventToken token, EventBody event) throws RefusedSetException {
        requireStream(token, event);
        if (VERIFICATION.contains(event.type())) {
            requireState(event);
            LOG.info("the transmitter {} has verified its stream", token.issuer());
            return SignalListener.Why.VERIFIED;
        }
        LOG.warn(
                "the transmitter {} says that its stream is {} now",
                token.issuer(),
                event.members().get("status") instanceof String status && STATUSES.contains(status)
                        ? status
                        : "in a status that is not known");
        return SignalListener.Why.STREAM_UPDATED;
    }

    private void requireStream(EventToken token, EventBody event) throws RefusedSetException {
        SubjectIdentifier subject = token.subjectIdentifier().orElse(null);
        if (subject == null && event.type().equals(LEGACY_VERIFICATION)) {
            return;
        }
        if (!(subject instanceof SubjectIdentifier.Opaque stream)) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "sub_id is not opaque, as the id of a stream is");
        }
        if (streamId != null && !streamId.equals(stream.id())) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "sub_id is not the id of this stream");
        }
    }

    private void requireState(EventBody event) throws RefusedSetException {
        if (!event.members().containsKey("state")) {
            return;
        }
        if (!(event.members().get("state") instanceof String state)) {
            throw RefusedSetException.of(SetError.INVALID_REQUEST, "state is not a string");
        }
        if (states == null || !states.has(state)) {
            throw RefusedSetException.of(SetError.INVALID_STATE, "state is none that was asked for");
        }
    }
}
