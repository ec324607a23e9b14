package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The last ten minutes of revocations in full, so that a store that lost them can be told again. Thread-safe.
 *
 * <p>They are ten minutes of elapsed time: a wall clock that is set ahead makes nothing older.
 */
final class RecentRevocations {
    private static final Duration KEPT = Duration.ofMinutes(10);

    /** A bound against a flood; beyond it the oldest go first. */
    private static final int MOST = 500_000;

    private record Arrival(Revocation entry, long nanos) {}

    private final LongSupplier ticker;
    private final Deque<Arrival> arrivals = new ArrayDeque<>();

    RecentRevocations(LongSupplier ticker) {
        this.ticker = ticker;
    }

    /** Remembers an entry that was recorded just now. */
    synchronized void add(Revocation entry) {
        prune();
        arrivals.addLast(new Arrival(entry, ticker.getAsLong()));
    }

    /** Remembers an entry that was recorded who knows when, unless it is older than ten minutes. */
    void addIfRecent(Revocation entry, Instant now) {
        if (!entry.revokedAt().isBefore(now.minus(KEPT))) {
            add(entry);
        }
    }

    synchronized List<Revocation> all() {
        prune();
        return arrivals.stream().map(Arrival::entry).toList();
    }

    private void prune() {
        long now = ticker.getAsLong();
        while (!arrivals.isEmpty() && (now - arrivals.getFirst().nanos() > KEPT.toNanos() || arrivals.size() >= MOST)) {
            arrivals.removeFirst();
        }
    }
}
