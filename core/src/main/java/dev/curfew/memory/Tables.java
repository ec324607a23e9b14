package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** All that an opened store holds, and the one test of whether a row is live. Guarded by the store's lock. */
final class Tables {
    private static final Duration BETWEEN_SQUEEZES = Duration.ofSeconds(10);

    final StoreSettings settings;
    final SessionTable sessions = new SessionTable();
    final RevocationTable revocations = new RevocationTable();
    final RevocationRoom room;

    private Instant lastSqueeze = Instant.EPOCH;

    Tables(StoreSettings settings, int maxRevocations, int maxRevocationsOfSubject) {
        this.settings = settings;
        this.room = new RevocationRoom(this, maxRevocations, maxRevocationsOfSubject);
    }

    boolean isLive(StoredSession row, Instant now) {
        return !row.isExpired(now) && !revocations.coversAny(row.facts(), now);
    }

    FoundSession found(StoredSession row, Instant now) {
        return new FoundSession(row, revocations.covering(row.facts(), now));
    }

    /** How many rows of sessions went that ended long enough ago. */
    int purgeSessions(Instant now, int limit) {
        return removeSessionsEndedBy(now.minus(settings.endedSessionsKept()), now, limit);
    }

    /** For want of room whatever is over goes at once; looking for it costs too much to do it at each call. */
    boolean hasMadeRoom(Instant now) {
        if (now.isBefore(lastSqueeze.plus(BETWEEN_SQUEEZES))) {
            return false;
        }
        lastSqueeze = now;
        return removeSessionsEndedBy(now, now, Integer.MAX_VALUE) > 0;
    }

    private int removeSessionsEndedBy(Instant keptSince, Instant now, int limit) {
        List<StoredSession> goners = sessions.all().stream()
                .filter(row -> !endedAt(row, now).isAfter(keptSince))
                .limit(limit)
                .toList();
        goners.forEach(row -> sessions.remove(row.key()));
        return goners.size();
    }

    private Instant endedAt(StoredSession row, Instant now) {
        return revocations.covering(row.facts(), now).stream()
                .findFirst()
                .map(Revocation::revokedAt)
                .filter(revoked -> revoked.isBefore(row.endsByTime()))
                .orElseGet(row::endsByTime);
    }
}
