package dev.curfew.store;

import dev.curfew.session.SessionRef;
import java.time.Instant;
import java.util.Objects;

/**
 * A sign of life of a session. Immutable.
 *
 * @param session which
 * @param lastSeen when
 */
public record Touch(SessionRef session, Instant lastSeen) {
    /** Checks that nothing is missing. */
    public Touch {
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(lastSeen, "lastSeen");
    }
}
