package dev.curfew.token;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a security event token says (RFC 8417; Shared Signals Framework 1.0, sections 3 and 4). */
final class SecurityEventClaims {
    /** In the dialect before the framework it is about nobody. */
    private static final String LEGACY_VERIFICATION =
            "https://schemas.openid.net/secevent/risc/event-type/verification";

    private SecurityEventClaims() {}

    static EventContent read(EventClaims claims, EventContent.Times times, EventRules.Dialect dialect) {
        if (!dialect.lenient()) {
            claims.forbid("sub");
        }
        String id = claims.requiredText("jti");
        EventBody event = event(claims.object("events", Reason.EVENT));
        // In CAEP's events it says when it happened; a wrong one would end what began since.
        claims.past("event_timestamp", event.members());
        return new EventContent(
                id,
                times,
                new EventContent.Names(null, null, claims.textOrNothing("txn"), subject(claims, event, dialect)),
                event);
    }

    @SuppressWarnings("unchecked") // the names of a JSON object are strings
    private static EventBody event(Map<String, @Nullable Object> events) {
        if (events.size() != 1) {
            throw EventClaims.refused(Reason.EVENT, "events tells of none, or of several");
        }
        String type = events.keySet().iterator().next();
        if (!type.isEmpty() && events.get(type) instanceof Map<?, ?> members) {
            return new EventBody(type, (Map<String, @Nullable Object>) members);
        }
        throw EventClaims.refused(Reason.EVENT, "the event has no type, or its value is not an object");
    }

    private static @Nullable SubjectIdentifier subject(
            EventClaims claims, EventBody event, EventRules.Dialect dialect) {
        try {
            if (claims.has("sub_id") || !dialect.legacySubject()) {
                return SubjectIdentifier.parse(claims.object("sub_id", Reason.SUBJECT));
            }
            return legacySubject(event);
        } catch (InvalidIdentifierException e) {
            // Not as the cause, as for access tokens; its words are ours and repeat nothing.
            throw EventClaims.refused(Reason.SUBJECT, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable SubjectIdentifier legacySubject(EventBody event) {
        if (event.members().get("subject") instanceof Map<?, ?> subject) {
            return legacySubject(subject);
        }
        if (event.type().equals(LEGACY_VERIFICATION) && !event.members().containsKey("subject")) {
            return null;
        }
        throw EventClaims.refused(Reason.SUBJECT, "subject of the event is missing, or is not an object");
    }

    private static SubjectIdentifier legacySubject(Map<?, ?> subject) {
        if (!(subject.get("subject_type") instanceof String type) || type.isEmpty()) {
            throw EventClaims.refused(Reason.SUBJECT, "subject_type is missing, or is not a string");
        }
        if (!type.equals("iss-sub")) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            subject.forEach((name, value) -> members.put(String.valueOf(name), value));
            return new SubjectIdentifier.Other(type, members);
        }
        if (subject.get("iss") instanceof String iss && subject.get("sub") instanceof String sub) {
            return new SubjectIdentifier.IssSub(iss, sub);
        }
        throw EventClaims.refused(Reason.SUBJECT, "iss or sub of the subject is missing, or is not a string");
    }
}
