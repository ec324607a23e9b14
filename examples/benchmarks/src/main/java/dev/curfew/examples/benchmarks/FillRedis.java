package dev.curfew.examples.benchmarks;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Fills a store on Redis, sorted by bucket, because a bucket is what one command writes; not measured. */
final class FillRedis {
    private static final int SORTED = 1_000_000;
    private static final int BATCH = 10_000;

    private FillRedis() {}

    static void fill(SessionStore store, GeneratedRevocations revocations, long count) {
        for (long from = 0; from < count; from += SORTED) {
            List<Revocation> entries = new ArrayList<>(revocations.range(from, Math.min(count, from + SORTED)));
            entries.sort(Comparator.comparingInt(entry -> entry.target().bucket()));
            for (int batch = 0; batch < entries.size(); batch += BATCH) {
                store.record(entries.subList(batch, Math.min(entries.size(), batch + BATCH)), Instant.now());
            }
        }
    }
}
