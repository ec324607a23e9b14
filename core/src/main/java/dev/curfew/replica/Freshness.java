package dev.curfew.replica;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Until when an index may be believed. Thread-safe; one writer.
 *
 * <p>Age counts from just before the read that completed the index was sent, and is the larger of what the ticker and
 * the wall clock say: a ticker may stand still while a machine sleeps, a clock may be set back.
 */
final class Freshness {
    private static final long STALE = Long.MIN_VALUE / 2;

    private final LongSupplier ticker;
    private final long maxNanos;
    private final long maxMillis;

    private volatile long untilNanos;
    private volatile long untilMillis = STALE;

    Freshness(LongSupplier ticker, Duration maxStaleness) {
        this.ticker = ticker;
        this.maxNanos = maxStaleness.toNanos();
        this.maxMillis = maxStaleness.toMillis();
    }

    /**
     * Whether the index may be believed. To be asked before the index is, so that all that came with the read that made
     * it fresh is seen.
     */
    boolean isFresh(long nowMillis) {
        return nowMillis <= untilMillis && ticker.getAsLong() - untilNanos <= 0;
    }

    /** A read that was sent then has brought all that there was. */
    void renew(long sentNanos, long sentMillis) {
        untilNanos = sentNanos + maxNanos;
        untilMillis = sentMillis + maxMillis;
    }

    /** Something is known to be missing. */
    void expire() {
        untilMillis = STALE;
    }

    /** How long ago the read was sent; for ever before the first one and after {@link #expire}. */
    Duration age(long nowMillis) {
        if (untilMillis == STALE) {
            return Duration.ofSeconds(Long.MAX_VALUE);
        }
        Duration byTicker = Duration.ofNanos(ticker.getAsLong() - untilNanos + maxNanos);
        Duration byClock = Duration.ofMillis(nowMillis - untilMillis + maxMillis);
        return byTicker.compareTo(byClock) > 0 ? byTicker : byClock;
    }
}
