package dev.curfew.token;

import dev.curfew.token.InvalidEventTokenException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what a logout token says (Back-Channel Logout 1.0, sections 2.4 and 2.6). */
final class LogoutClaims {
    /** Of http, while other event types are of https. */
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private LogoutClaims() {}

    static EventContent read(EventClaims claims, EventContent.Times times) {
        // Even null or empty: it is what tells an ID token that has everything else.
        claims.forbid("nonce");
        String id = claims.requiredText("jti");
        String subject = claims.optionalText("sub");
        String sessionId = claims.optionalText("sid");
        if (subject == null && sessionId == null) {
            throw EventClaims.refused(Reason.SUBJECT, "has neither sub nor sid");
        }
        return new EventContent(
                id,
                times,
                new EventContent.Names(subject, sessionId, claims.textOrNothing("txn"), null),
                event(claims.object("events", Reason.EVENT)));
    }

    /** Other members are not ours to judge: Keycloak sends one that tells it of offline tokens. */
    @SuppressWarnings("unchecked") // the names of a JSON object are strings
    private static EventBody event(Map<String, @Nullable Object> events) {
        if (events.get(EVENT) instanceof Map<?, ?> members) {
            return new EventBody(EVENT, (Map<String, @Nullable Object>) members);
        }
        throw EventClaims.refused(Reason.EVENT, "events has no logout event, or its value is not an object");
    }
}
