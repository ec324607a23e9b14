package dev.curfew.status;

import dev.curfew.session.CurfewException;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The directory as this node has read it last. Thread-safe; however many ask, it is read ten times a second at most,
 * and not for a second after a failure.
 */
final class KnownLists {
    /** How old it is at most for who asks for a list that is not in it. */
    static final Duration NEWEST = Duration.ofMillis(100);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ListRecords records;
    private final Supplier<Reading> clocks;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile @Nullable Snapshot last;
    private volatile @Nullable Reading failedAt;
    private volatile boolean isOutdated;

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

    /** Whether somebody waits for the store just now. */
    boolean isBeingRead() {
        return reading.isLocked();
    }

    /** This node has opened a list. */
    void outdate() {
        isOutdated = true;
    }

    /**
     * What was read within an age, {@link #NEWEST} or more. No round trip, or one that all share who ask meanwhile.
     *
     * @throws StoreUnavailableException if the store does not answer
     */
    Snapshot within(Duration age) {
        Snapshot known = last;
        if (known != null && !isOutdated && known.at.isWithin(age, clocks.get())) {
            return known;
        }
        reading.lock();
        return readUnderLock();
    }

    /** The same for who can do with what was read last, while somebody else waits for the store. */
    Snapshot near(Duration age) {
        Snapshot known = last;
        if (known == null || isOutdated || known.at.isWithin(age, clocks.get())) {
            return within(age);
        }
        return reading.tryLock() ? readUnderLock() : known;
    }

    private Snapshot readUnderLock() {
        try {
            Reading now = clocks.get();
            Snapshot known = last;
            if (known != null && !isOutdated && known.at.isWithin(NEWEST, now)) {
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
            isOutdated = false;
            Snapshot next = new Snapshot(records.directory(now.at()).value(), now);
            last = next;
            failedAt = null;
            return next;
        } catch (CurfewException e) {
            isOutdated = true;
            failedAt = clocks.get();
            throw e;
        }
    }
}
