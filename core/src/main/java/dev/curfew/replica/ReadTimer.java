package dev.curfew.replica;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Says when the next read of a feed is due: when somebody waits for it, after a hint, or after a poll period. Any
 * number of threads wake it; one rests.
 *
 * <p>A hint wakes it at once, and then at most four times a second, however many come. Whoever waits wakes it at once
 * each time.
 */
final class ReadTimer {
    private final long pollNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock. */
    private final HintLimit hints;

    /** Guarded by the lock. */
    private long pollAtNanos;

    // Written under the lock.
    private volatile boolean isAwaited;
    private volatile boolean isClosed;

    /** Real time decides when to poll, and the ticker how many hints to follow. */
    ReadTimer(long pollNanos, LongSupplier ticker) {
        this.pollNanos = pollNanos;
        this.hints = new HintLimit(ticker);
        this.pollAtNanos = System.nanoTime() + pollNanos;
    }

    /** There may be news. */
    void hint() {
        lock.lock();
        try {
            hints.hint();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Somebody waits for a read that begins after this call. Free of the lock if somebody waits for it already: the
     * thread that rests takes that back before the read begins, so that whoever still sees it comes before the read.
     */
    void hurry() {
        if (!isAwaited) {
            lock.lock();
            try {
                isAwaited = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }
    }

    /** There are to be no more reads. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Whether the next read is due, or there is to be none. */
    boolean isDue() {
        lock.lock();
        try {
            return restNanos() <= 0;
        } finally {
            lock.unlock();
        }
    }

    /** A read has ended; the next poll is a period away. */
    void readEnded() {
        lock.lock();
        try {
            pollAtNanos = System.nanoTime() + pollNanos;
        } finally {
            lock.unlock();
        }
    }

    /** Rests until the next read is due. */
    void rest() throws InterruptedException {
        lock.lock();
        try {
            for (long nanos = restNanos(); nanos > 0; nanos = restNanos()) {
                changed.awaitNanos(nanos);
            }
            hints.pass();
            isAwaited = false;
        } finally {
            lock.unlock();
        }
    }

    /** Rests for so long whoever waits, unless there are to be no more reads. */
    void pause(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !isClosed) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private long restNanos() {
        return isAwaited || isClosed ? 0 : Math.min(pollAtNanos - System.nanoTime(), hints.leftNanos());
    }
}
