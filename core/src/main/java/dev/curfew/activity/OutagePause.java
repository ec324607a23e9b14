package dev.curfew.activity;

import java.time.Duration;
import java.util.function.LongSupplier;

/** How long a store that did not answer is left alone: five seconds from its last failure. Thread-safe. */
final class OutagePause {
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private final LongSupplier ticker;
    private volatile boolean isFailing;

    /** Written before the flag. */
    private volatile long failedNanos;

    OutagePause(LongSupplier ticker) {
        this.ticker = ticker;
    }

    void answered() {
        isFailing = false;
    }

    void failed() {
        failedNanos = ticker.getAsLong();
        isFailing = true;
    }

    boolean isOn() {
        return isFailing && ticker.getAsLong() - failedNanos < PAUSE_NANOS;
    }
}
