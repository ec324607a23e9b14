package dev.curfew.check;

import dev.curfew.revocation.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last ten minutes of revocations in full, so that a store that lost them can be told again. Thread-safe. */
final class RecentRevocations {
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** A bound against a flood; beyond it the oldest go first. */
    private static final int MOST = 500_000;

    private record Arrival(Revocation entry, Instant at) {}

    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    synchronized void add(Revocation entry, Instant now) {
        prune(now);
        if (!entry.revokedAt().isBefore(now.minus(KEPT))) {
            arrivals.addLast(new Arrival(entry, now));
        }
    }

    synchronized List<Revocation> all(Instant now) {
        prune(now);
        return arrivals.stream().map(Arrival::entry).toList();
    }

    private void prune(Instant now) {
        Instant old = now.minus(KEPT);
        while (!arrivals.isEmpty() && (arrivals.getFirst().at().isBefore(old) || arrivals.size() >= MOST)) {
            arrivals.removeFirst();
        }
    }
}
