package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.StoreFullException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The shared records, by group and item. Guarded by the store's lock. */
final class RecordTable {
    /** About what the key, the entry and the instant take. */
    private static final int OVERHEAD = 200;

    private static final Duration BETWEEN_PURGES = Duration.ofSeconds(1);

    private static final LookupKey FIRST = new LookupKey(0, 0);

    private final NavigableMap<RecordKey, SharedRecord> rows =
            new TreeMap<>(Comparator.comparing(RecordKey::group).thenComparing(RecordKey::item));

    private final long maxBytes;
    private long bytes;
    private Instant lastPurge = Instant.EPOCH;

    RecordTable(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** What stands there and is not forgotten. */
    Optional<SharedRecord> find(RecordKey key, Instant now) {
        return Optional.ofNullable(rows.get(key)).filter(row -> !row.isForgotten(now));
    }

    /** The version that stands there, 0 for none. */
    long version(RecordKey key, Instant now) {
        return find(key, now).map(SharedRecord::version).orElse(0L);
    }

    /** Whether a write that finds no room may look through all rows, which it does once in a while. */
    boolean isPurgeDue(Instant now) {
        // A clock that was set back must not keep the next purge away for who knows how long.
        boolean isDue = !now.isBefore(lastPurge.plus(BETWEEN_PURGES)) || now.isBefore(lastPurge);
        if (isDue) {
            lastPurge = now;
        }
        return isDue;
    }

    /** Whether it fits, or is no longer than what stands there. */
    boolean hasRoom(SharedRecord next) {
        long grown = grown(next);
        return grown <= maxBytes || grown <= bytes;
    }

    void put(SharedRecord next) {
        if (!hasRoom(next)) {
            throw new StoreFullException("maxRecordBytes=" + maxBytes);
        }
        bytes = grown(next);
        rows.put(next.key(), next);
    }

    private long grown(SharedRecord next) {
        return bytes - sizeOf(rows.get(next.key())) + sizeOf(next);
    }

    void remove(RecordKey key) {
        bytes -= sizeOf(rows.remove(key));
    }

    RecordPage page(LookupKey group, @Nullable LookupKey after, int limit, Instant now) {
        RecordKey from = new RecordKey(group, after == null ? FIRST : after);
        List<SharedRecord> met = rows.tailMap(from, after == null).values().stream()
                .takeWhile(row -> row.key().group().equals(group))
                .filter(row -> !row.isForgotten(now))
                .limit(limit + 1L)
                .toList();
        return met.size() > limit
                ? new RecordPage(
                        met.subList(0, limit),
                        Optional.of(met.get(limit - 1).key().item()))
                : new RecordPage(met, Optional.empty());
    }

    /** Removes what was forgotten before an instant; answers how many. */
    int purge(Instant before, int limit) {
        List<RecordKey> forgotten = rows.values().stream()
                .filter(row -> row.isForgotten(before))
                .limit(limit)
                .map(SharedRecord::key)
                .toList();
        forgotten.forEach(this::remove);
        return forgotten.size();
    }

    private static long sizeOf(@Nullable SharedRecord row) {
        return row == null ? 0 : OVERHEAD + row.size();
    }
}
