package dev.curfew.subject;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.RevocationReason;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * When and why a session ended. Immutable.
 *
 * @param at when it was revoked, or its time was over
 * @param reason why; {@link RevocationReason#EXPIRED} if time ended it
 * @param by who revoked it, or nothing if time ended it
 */
public record SessionEnd(Instant at, RevocationReason reason, Optional<Actor> by) {
    /** Checks that nothing is missing. */
    public SessionEnd {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(by, "by");
    }
}
