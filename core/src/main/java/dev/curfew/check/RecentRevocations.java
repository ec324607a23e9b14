package dev.curfew.check;

import dev.curfew.revocation.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last ten minutes of revocations in full, so that a store that lost them can be told again. Thread-safe. */
final class RecentRevocations {
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** A bound against a flood; beyond it the oldest go first. */
    private static final int MOST = 500_000;

    private final Deque<Revocation> entries = new ArrayDeque<>();

    synchronized void add(Revocation entry, Instant now) {
        prune(now);
        if (!isOld(entry, now)) {
            entries.addLast(entry);
        }
    }

    synchronized List<Revocation> all(Instant now) {
        prune(now);
        return new ArrayList<>(entries);
    }

    private void prune(Instant now) {
        while (!entries.isEmpty() && (isOld(entries.getFirst(), now) || entries.size() >= MOST)) {
            entries.removeFirst();
        }
    }

    private static boolean isOld(Revocation entry, Instant now) {
        return entry.revokedAt().isBefore(now.minus(KEPT));
    }
}
