package dev.curfew.replica;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Until when the reader of a feed rests: until somebody waits for it, until a hint, or until the next poll. Any number
 * of threads wake it; one rests.
 *
 * <p>A hint wakes it at once, and then at most four times a second, however many come. Whoever waits wakes it at once
 * each time.
 */
final class Alarm {
    private static final long BETWEEN_HINTS_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private final long pollNanos;
    private final LongSupplier ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private boolean isHinted;
    private boolean isAwaited;
    private long nextHintNanos;
    private long pollAtNanos;

    /** Real time decides when to poll, and the ticker how many hints to follow. */
    Alarm(long pollNanos, LongSupplier ticker) {
        this.pollNanos = pollNanos;
        this.ticker = ticker;
        this.nextHintNanos = ticker.getAsLong();
        this.pollAtNanos = System.nanoTime() + pollNanos;
    }

    /** There may be news. */
    void hint() {
        lock.lock();
        try {
            isHinted = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Somebody waits for a read, or wants this thread to end. */
    void hurry() {
        lock.lock();
        try {
            isAwaited = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the next read is due. */
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
            if (isHinted && untilHint() <= 0) {
                nextHintNanos = ticker.getAsLong() + BETWEEN_HINTS_NANOS;
            }
            isHinted = false;
            isAwaited = false;
        } finally {
            lock.unlock();
        }
    }

    private long restNanos() {
        if (isAwaited) {
            return 0;
        }
        long untilPoll = pollAtNanos - System.nanoTime();
        return isHinted ? Math.min(untilPoll, untilHint()) : untilPoll;
    }

    private long untilHint() {
        return nextHintNanos - ticker.getAsLong();
    }
}
