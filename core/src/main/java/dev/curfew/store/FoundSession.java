package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A row, and what covers it. Immutable.
 *
 * @param session the row
 * @param coveredBy the recorded revocations that cover it, the one recorded first in front; none if it is not revoked
 */
public record FoundSession(StoredSession session, List<Revocation> coveredBy) {
    /** Copies the list. */
    public FoundSession {
        coveredBy = List.copyOf(coveredBy);
    }

    /**
     * Tells whether the session can be used.
     *
     * @param now the instant of the operation
     * @return true if it is neither expired nor revoked
     */
    public boolean isLive(Instant now) {
        return coveredBy.isEmpty() && !session.isExpired(now);
    }

    /**
     * {@return the revocation that ended it, so that a person can be told why: the one recorded first, if it is
     * revoked}
     */
    public Optional<Revocation> endedBy() {
        return coveredBy.stream().findFirst();
    }

    /**
     * Its end, if that was by time and by nothing before.
     *
     * @param now the instant of the operation
     * @return something if it is expired and no revocation is older than that end
     */
    public Optional<ExpiredSession> endedByTime(Instant now) {
        Instant end = session.endsByTime();
        return session.isExpired(now)
                        && coveredBy.stream().noneMatch(by -> by.revokedAt().isBefore(end))
                ? Optional.of(new ExpiredSession(session, !coveredBy.isEmpty()))
                : Optional.empty();
    }
}
