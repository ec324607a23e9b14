package dev.curfew.replica;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the first hint through at once, then at most four a second, and loses none: the last of many waits for its turn.
 * Guarded by its owner.
 *
 * <p>All nodes hear the same hint at the same moment. So each waits a little longer than that, by chance, or they would
 * go on to read all at once.
 */
final class HintLimit {
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    private final LongSupplier ticker;
    private boolean isWaiting;
    private long nextNanos;

    HintLimit(LongSupplier ticker) {
        this.ticker = ticker;
        this.nextNanos = ticker.getAsLong();
    }

    void hint() {
        isWaiting = true;
    }

    /** How long the hint that waits has to wait, not positive if it may pass; for ever if none waits. */
    long leftNanos() {
        return isWaiting ? nextNanos - ticker.getAsLong() : Long.MAX_VALUE;
    }

    /** A read begins that shows whatever the hint was about. */
    void pass() {
        if (leftNanos() <= 0) {
            nextNanos = ticker.getAsLong() + ThreadLocalRandom.current().nextLong(LEAST_NANOS, MOST_NANOS);
        }
        isWaiting = false;
    }
}
