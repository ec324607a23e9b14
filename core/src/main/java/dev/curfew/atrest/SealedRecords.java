package dev.curfew.atrest;

import dev.curfew.meter.DamagedRows;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.UndecodableRecordException;
import dev.curfew.store.UnreadableRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Shared records whose values are sealed on their way to the store and opened on their way back, as sessions' payloads
 * are. As safe with threads as the records behind it.
 *
 * <p>A value may have {@link #MAX_PLAIN} bytes, so that what stands in the store is never too long. Where one does not
 * open, because its key has left the ring, say, the failure of a read tells the version of its record, and a listing
 * has it apart from the others and names it in the log, once an hour at most. So the others are answered, and that one
 * can be removed or written over.
 */
public final class SealedRecords implements SharedRecords {
    /** The most bytes of a value. */
    public static final int MAX_PLAIN = MAX_VALUE - StoredRecords.OVERHEAD;

    private static final DamagedRows UNREADABLE = new DamagedRows(SealedRecords.class, System::nanoTime);

    private final SharedRecords behind;
    private final StoredRecords values;

    /**
     * Puts a seal in front of records.
     *
     * @param behind where they stand
     * @param values how they are written and read
     */
    public SealedRecords(SharedRecords behind, StoredRecords values) {
        this.behind = Objects.requireNonNull(behind, "behind");
        this.values = Objects.requireNonNull(values, "values");
    }

    @Override
    public Optional<SharedRecord> read(RecordKey key, Instant now) {
        return behind.read(key, now).map(this::opened);
    }

    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        SharedRecords.requireWrite(expected, value, forgetAfter, now);
        if (value.length > MAX_PLAIN) {
            throw new IllegalArgumentException(
                    "the value of a record has " + value.length + " bytes; at most " + MAX_PLAIN + " can be sealed");
        }
        return behind.write(key, expected, values.write(key, value), forgetAfter, now);
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        return behind.remove(key, expected, now);
    }

    @Override
    public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        RecordPage page = behind.list(group, after, limit, now);
        List<SharedRecord> records = new ArrayList<>();
        List<UnreadableRecord> unreadable = new ArrayList<>();
        for (SharedRecord sealed : page.records()) {
            try {
                records.add(opened(sealed));
            } catch (UndecodableRecordException e) {
                UNREADABLE.met(sealed.key().item(), e.getMessage() + "; it stands there until it is forgotten");
                unreadable.add(new UnreadableRecord(sealed.key(), sealed.version()));
            }
        }
        return new RecordPage(records, unreadable, page.next());
    }

    private SharedRecord opened(SharedRecord sealed) {
        return new SharedRecord(sealed.key(), sealed.version(), values.read(sealed), sealed.forgetAfter());
    }
}
