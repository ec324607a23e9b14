package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreSettings;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The shared records of a store in memory. Thread-safe. */
final class MemoryRecords implements SharedRecords {
    private final LockedTables store;

    MemoryRecords(LockedTables store) {
        this.store = store;
    }

    @Override
    public Optional<SharedRecord> read(RecordKey key, Instant now) {
        Objects.requireNonNull(key, "key");
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("readRecord", now);
            return tables.records.find(key, now);
        });
    }

    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        SharedRecords.requireWrite(expected, value, forgetAfter, now);
        SharedRecord next = new SharedRecord(key, SharedRecords.nextVersion(expected), value, forgetAfter);
        return store.write(tables -> {
            tables.revocations.requireNotBeforeHorizon("writeRecord", now);
            boolean isExpected = tables.records.version(key, now) == expected;
            if (isExpected) {
                put(tables, next, now);
            }
            return isExpected;
        });
    }

    /** What a purge would take away leaves room first, as it does for revocations. */
    private static void put(Tables tables, SharedRecord next, Instant now) {
        if (!tables.records.hasRoom(next)) {
            Instant before = now.minus(StoreSettings.PURGE_DELAY);
            if (tables.records.isPurgeDue(now) && tables.records.purge(before, Integer.MAX_VALUE) > 0) {
                tables.revocations.raiseHorizon(before);
            }
        }
        tables.records.put(next);
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        Objects.requireNonNull(key, "key");
        SharedRecords.requireVersion(expected);
        return store.write(tables -> {
            tables.revocations.requireNotBeforeHorizon("removeRecord", now);
            boolean isExpected = tables.records.version(key, now) == expected;
            if (isExpected) {
                tables.records.remove(key);
            }
            return isExpected;
        });
    }

    @Override
    public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        Objects.requireNonNull(group, "group");
        SharedRecords.requireLimit(limit);
        LookupKey place = after.orElse(null);
        return store.read(tables -> {
            tables.revocations.requireNotBeforeHorizon("listRecords", now);
            return tables.records.page(group, place, limit, now);
        });
    }
}
