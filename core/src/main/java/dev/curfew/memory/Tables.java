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
    private static final Duration BETWEEN_SEARCHES = Duration.ofSeconds(10);

    final StoreSettings settings;
    final Bounds bounds;
    final Forgetting forgetting;
    final SessionTable sessions = new SessionTable();
    final RevocationTable revocations = new RevocationTable();
    final RecordTable records;
    final CapacityFallback fallback;

    private Instant lastSearch = Instant.EPOCH;

    Tables(StoreSettings settings, Forgetting forgetting, Bounds bounds) {
        this.settings = settings;
        this.forgetting = forgetting;
        this.bounds = bounds;
        this.records = new RecordTable(bounds.recordBytes());
        this.fallback = new CapacityFallback(this);
    }

    boolean isLive(StoredSession row, Instant now) {
        return !row.isExpired(now) && !revocations.coversAny(row.facts(), now);
    }

    FoundSession found(StoredSession row, Instant now) {
        return new FoundSession(row, revocations.covering(row.facts(), now));
    }

    /** Removes rows of sessions that ended long enough ago, and answers them with what covered them. */
    List<FoundSession> purgeSessions(Instant now, int limit) {
        return removeSessionsEndedBy(now.minus(settings.endedSessionsKept()), now, limit);
    }

    /** Removes what has ended at once, to make room. The search is too expensive for each call. */
    boolean hasMadeRoom(Instant now) {
        // A clock that was set back must not keep the next attempt away for who knows how long.
        if (now.isBefore(lastSearch.plus(BETWEEN_SEARCHES)) && !now.isBefore(lastSearch)) {
            return false;
        }
        lastSearch = now;
        return !removeSessionsEndedBy(now, now, Integer.MAX_VALUE).isEmpty();
    }

    private List<FoundSession> removeSessionsEndedBy(Instant keptSince, Instant now, int limit) {
        List<FoundSession> ended = sessions.all().stream()
                .map(row -> found(row, now))
                .filter(found -> !endedAt(found).isAfter(keptSince))
                .limit(limit)
                .toList();
        ended.forEach(found -> sessions.remove(found.session().key()));
        return ended;
    }

    private static Instant endedAt(FoundSession found) {
        Instant endsByTime = found.session().endsByTime();
        return found.endedBy()
                .map(Revocation::revokedAt)
                .filter(revoked -> revoked.isBefore(endsByTime))
                .orElse(endsByTime);
    }
}
