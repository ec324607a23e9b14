package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to leave the store alone after reads of the feed that failed: twice as long each time, up to the poll period
 * or two seconds, and up to half as long again by chance, since the store failed for all nodes at the same moment. Not
 * less: a pool may look whether a connection lives only if it has not lent it for a while. One thread writes, any
 * thread reads.
 */
final class BackOff {
    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final int MOST_DOUBLINGS = 20;

    private final long mostNanos;
    private final FeedMeters meters;
    private final TroubleLog log;
    private volatile @Nullable Throwable lastError;
    private volatile boolean isPausing;
    private int failures;

    BackOff(Duration pollPeriod, LongSupplier ticker, FeedMeters meters) {
        this.mostNanos = Math.min(LONGEST_NANOS, pollPeriod.toNanos());
        this.meters = meters;
        this.log = new TroubleLog(
                FeedTailer.class,
                "the feed cannot be read; checks are refused once the index is too old",
                "the feed is read again",
                ticker);
    }

    /** {@return why the last read failed, if it did} */
    @Nullable
    Throwable lastError() {
        return lastError;
    }

    /** Whether a read has failed and the next one does not begin yet. */
    boolean isPausing() {
        return isPausing;
    }

    /** A pause begins. */
    void failed(Throwable error) {
        failures++;
        meters.failed();
        log.failed(error);
        lastError = error;
        isPausing = true;
    }

    void worked() {
        failures = 0;
        log.worked();
        lastError = null;
    }

    /** {@return how long the pause is to be} */
    long pauseNanos() {
        long least = Math.min(FIRST_NANOS << Math.min(failures - 1, MOST_DOUBLINGS), mostNanos);
        return ThreadLocalRandom.current().nextLong(least, least + least / 2 + 1);
    }

    void pauseEnded() {
        isPausing = false;
    }
}
