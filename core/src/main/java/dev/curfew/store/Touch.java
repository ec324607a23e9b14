package dev.curfew.store;

import dev.curfew.session.SessionRef;
import java.time.Instant;
import java.util.Objects;

/**
 * A sign of life of a session. Immutable.
 *
 * @param session which
 * @param lastSeen when; cut to the millisecond
 */
public record Touch(SessionRef session, Instant lastSeen) {
    /** Cuts the instant to what is stored. */
    public Touch {
        Objects.requireNonNull(session, "session");
        lastSeen = Instant.ofEpochMilli(lastSeen.toEpochMilli());
    }
}
