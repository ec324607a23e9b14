package dev.curfew.examples.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.revocation.Revocation;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Measures, in a program of its own, the heap that live revocations take: used heap after garbage collection, less what
 * was used before there were any. Prints bytes for each revocation.
 */
final class HeapProbe {
    /**
     * A table grows by half, so that its cost moves up and down with the number of entries; this walks through one
     * round.
     */
    private static final int STEPS = 6;

    private static final double ROUND = 1.5;

    private HeapProbe() {}

    /**
     * The first argument is what is measured, the second one how many entries; prints what was found at the end, and
     * the mean.
     */
    public static void main(String[] arguments) {
        long count = Long.parseLong(arguments[1]);
        switch (arguments[0]) {
            case "index" -> index(count, 1);
            case "growing" -> index(count, STEPS);
            case "session" -> sessions((int) count);
            case "map" -> {
                ConcurrentHashMap<String, Long> map = new ConcurrentHashMap<>();
                fill(count, map, map::put);
            }
            case "caffeine" -> {
                Cache<String, Long> cache = Caffeine.newBuilder()
                        .expireAfterWrite(Duration.ofDays(1))
                        .build();
                fill(count, cache, cache::put);
            }
            default -> throw new IllegalArgumentException("index, growing, session, map or caffeine");
        }
    }

    private static void index(long count, int steps) {
        Instant now = Instant.now();
        GeneratedStore store = new GeneratedStore(revocations(now), 0, now);
        long before = used();
        double sum = 0;
        double last = 0;
        for (int step = 1; step <= steps; step++) {
            long live = Math.round(count / Math.pow(ROUND, 1 - step / (double) steps));
            store.grow(live);
            // Loaded, and not followed: what a node sees arriving it keeps in full for ten minutes.
            try (RevocationReplica replica =
                    RevocationReplica.of(store, GeneratedStore.settings()).start()) {
                if (replica.status().entries() < live) {
                    throw new IllegalStateException("a revocation is missing");
                }
                last = (used() - before) / (double) live;
                sum += last;
            }
        }
        System.out.println(last + " " + sum / steps);
    }

    /** What a node remembers of sessions that are at work, whose rows are in memory before. */
    private static void sessions(int count) {
        InMemorySessionStore store =
                InMemorySessionStore.builder().maxSessions(count).build();
        try (BrowsingSessions sessions = new BrowsingSessions(store, count)) {
            long before = used();
            sessions.warmUp();
            double bytes = (used() - before) / (double) count;
            System.out.println(bytes + " " + bytes);
        }
    }

    private static void fill(long count, Object held, PutEntry put) {
        GeneratedRevocations revocations = revocations(Instant.now());
        long before = used();
        for (long number = 0; number < count; number++) {
            Revocation entry = revocations.number(number);
            put.put(
                    entry.target().key().toString(),
                    Long.valueOf(entry.forgetAfter().toEpochMilli()));
        }
        double bytes = (used() - before) / (double) count;
        // What is measured is still held here.
        if (held.hashCode() == 0) {
            System.err.println();
        }
        System.out.println(bytes + " " + bytes);
    }

    private static GeneratedRevocations revocations(Instant now) {
        return new GeneratedRevocations(42, TokenIssuer.REALM, now, List.of());
    }

    private static long used() {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        for (int i = 0; i < 3; i++) {
            memory.gc();
        }
        return memory.getHeapMemoryUsage().getUsed();
    }

    /** How an entry is kept. */
    private interface PutEntry {
        void put(String key, Long expiry);
    }
}
