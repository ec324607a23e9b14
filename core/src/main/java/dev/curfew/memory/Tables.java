package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.List;

/** All that an opened store holds, and the one test of whether a row is live. Guarded by the store's lock. */
final class Tables {
    final StoreSettings settings;
    final SessionTable sessions = new SessionTable();
    final RevocationTable revocations = new RevocationTable();

    Tables(StoreSettings settings) {
        this.settings = settings;
    }

    boolean isLive(StoredSession row, Instant now) {
        return !row.isExpired(now) && !revocations.coversAny(row.facts(), now);
    }

    FoundSession found(StoredSession row, Instant now) {
        return new FoundSession(row, revocations.covering(row.facts(), now));
    }

    /** How many rows of sessions went that ended long enough ago. */
    int purgeSessions(Instant now, int limit) {
        Instant keptSince = now.minus(settings.endedSessionsKept());
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
