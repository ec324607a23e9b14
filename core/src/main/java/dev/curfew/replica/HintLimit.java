package dev.curfew.replica;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Lets the first hint through at once, then at most four a second, and loses none: the last of many waits for its turn.
 * Guarded by its owner.
 */
final class HintLimit {
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

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
            nextNanos = ticker.getAsLong() + BETWEEN_NANOS;
        }
        isWaiting = false;
    }
}
