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
    final Forgetting forgetting;
    final SessionTable sessions = new SessionTable();
    final RevocationTable revocations = new RevocationTable();
    final CapacityFallback fallback;

    private Instant lastSqueeze = Instant.EPOCH;

    Tables(StoreSettings settings, Forgetting forgetting, int maxRevocations, int maxRevocationsOfSubject) {
        this.settings = settings;
        this.forgetting = forgetting;
        this.fallback = new CapacityFallback(this, maxRevocations, maxRevocationsOfSubject);
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

    /** For want of fallback whatever is over goes at once; looking for it costs too much to do it at each call. */
    boolean hasMadeRoom(Instant now) {
        // A clock that was set back must not keep the next attempt away for who knows how long.
        if (now.isBefore(lastSqueeze.plus(BETWEEN_SQUEEZES)) && !now.isBefore(lastSqueeze)) {
            return false;
        }
        lastSqueeze = now;
        return !removeSessionsEndedBy(now, now, Integer.MAX_VALUE).isEmpty();
    }

    private List<FoundSession> removeSessionsEndedBy(Instant keptSince, Instant now, int limit) {
        List<FoundSession> goners = sessions.all().stream()
                .map(row -> found(row, now))
                .filter(found -> !endedAt(found).isAfter(keptSince))
                .limit(limit)
                .toList();
        goners.forEach(found -> sessions.remove(found.session().key()));
        return goners;
    }

    private static Instant endedAt(FoundSession found) {
        Instant endsByTime = found.session().endsByTime();
        return found.endedBy()
                .map(Revocation::revokedAt)
                .filter(revoked -> revoked.isBefore(endsByTime))
                .orElse(endsByTime);
    }
}
