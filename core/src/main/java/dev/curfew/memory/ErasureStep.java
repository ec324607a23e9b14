package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.ErasedRows;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.List;

/** Removes rows of one subject, those that began first in front. Under the lock of its owner. */
final class ErasureStep {
    private ErasureStep() {}

    static ErasedRows erase(SessionTable sessions, LookupKey subject, Instant beganUntil, int limit) {
        List<LookupKey> met = sessions.of(subject).descendingMap().values().stream()
                .takeWhile(row -> !row.authenticatedAt().isAfter(beganUntil))
                .limit(limit + 1L)
                .map(StoredSession::key)
                .toList();
        boolean hasMore = met.size() > limit;
        List<LookupKey> removed = hasMore ? met.subList(0, limit) : met;
        removed.forEach(sessions::remove);
        return new ErasedRows(removed.size(), hasMore);
    }
}
