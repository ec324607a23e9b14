package dev.curfew.metered;

import dev.curfew.metered.StoreMeters.Verb;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.time.Instant;
import java.util.Optional;

/** Shared records whose calls are timed and counted with those of their store. Thread-safe. */
final class MeteredRecords implements SharedRecords {
    private final SharedRecords records;
    private final StoreMeters meters;

    MeteredRecords(SharedRecords records, StoreMeters meters) {
        this.records = records;
        this.meters = meters;
    }

    @Override
    public Optional<SharedRecord> read(RecordKey key, Instant now) {
        return meters.time(Verb.READ_RECORD, () -> records.read(key, now));
    }

    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        return meters.time(Verb.WRITE_RECORD, () -> records.write(key, expected, value, forgetAfter, now));
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        return meters.time(Verb.REMOVE_RECORD, () -> records.remove(key, expected, now));
    }

    @Override
    public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        return meters.time(Verb.LIST_RECORDS, () -> records.list(group, after, limit, now));
    }
}
