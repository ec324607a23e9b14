package dev.curfew.status;

import dev.curfew.session.CurfewException;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory as this node has read it last. Thread-safe; however many ask, it is read once a second at most, and not
 * for a second after a failure.
 */
final class KnownLists {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ListRecords records;
    private final Supplier<Reading> clocks;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Snapshot last;
    private volatile @Nullable Reading failedAt;

    KnownLists(ListRecords records, Supplier<Reading> clocks) {
        this.records = records;
        this.clocks = clocks;
    }

    /**
     * All lists.
     *
     * @param at just before they were read
     */
    record Snapshot(ListDirectory directory, Reading at) {}

    /** What was read last, however long ago. */
    @Nullable
    Snapshot last() {
        return last;
    }

    /**
     * What was read within an age of a second or more. No round trip, or one that all share who ask meanwhile.
     *
     * @throws StoreUnavailableException if the store does not answer
     */
    Snapshot within(Duration age) {
        Snapshot known = last;
        if (known != null && known.at.isWithin(age, clocks.get())) {
            return known;
        }
        reading.lock();
        try {
            Reading now = clocks.get();
            known = last;
            if (known != null && known.at.isWithin(PAUSE, now)) {
                return known;
            }
            Reading failed = failedAt;
            if (failed != null && failed.isWithin(PAUSE, now)) {
                throw new StoreUnavailableException("a read of the directory of status lists, a moment ago", null);
            }
            return read(now);
        } finally {
            reading.unlock();
        }
    }

    private Snapshot read(Reading now) {
        try {
            Snapshot next = new Snapshot(records.directory(now.at()).value(), now);
            last = next;
            failedAt = null;
            return next;
        } catch (CurfewException e) {
            failedAt = clocks.get();
            throw e;
        }
    }
}
