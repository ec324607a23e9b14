package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How reads of the feed fail, and how long to leave the store alone after each failure. One thread writes, any thread
 * reads.
 */
final class BackOff {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_DOUBLINGS = 20;

    private final long mostNanos;
    private final TroubleLog log;
    private volatile @Nullable Throwable lastError;
    private int failures;

    BackOff(Duration pollPeriod, LongSupplier ticker) {
        this.mostNanos = Math.min(LONGEST_NANOS, pollPeriod.toNanos());
        this.log = new TroubleLog(
                FeedTailer.class,
                "the feed cannot be read; checks are refused once the index is too old",
                "the feed is read again",
                ticker);
    }

    /** Why the last read failed, if it did. */
    @Nullable
    Throwable lastError() {
        return lastError;
    }

    void failed(Throwable error) {
        failures++;
        log.failed(error);
        lastError = error;
    }

    void worked() {
        failures = 0;
        log.worked();
        lastError = null;
    }

    /** How long to wait after a failure. */
    long pauseNanos() {
        return Math.min(FIRST_NANOS << Math.min(failures - 1, MOST_DOUBLINGS), mostNanos);
    }
}
