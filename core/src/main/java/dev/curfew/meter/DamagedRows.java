package dev.curfew.meter;

import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log which rows of a store cannot be read: each once an hour, and only so many an hour. Thread-safe.
 *
 * <p>Whoever lists, walks or purges meets the same row at every call, so that a line for each would fill the log.
 */
public final class DamagedRows {
    private static final long PERIOD_NANOS = Duration.ofHours(1).toNanos();
    private static final int MOST_ROWS = 100;

    private final Logger log;
    private final LongSupplier ticker;

    /** Guarded by this. */
    private final Set<LookupKey> named = new HashSet<>();

    /** Guarded by this. */
    private long beganNanos;

    /**
     * Makes a log of such rows.
     *
     * @param owner in whose name
     * @param ticker elapsed time in nanoseconds, such as {@link System#nanoTime}
     */
    public DamagedRows(Class<?> owner, LongSupplier ticker) {
        this.log = LoggerFactory.getLogger(owner);
        this.ticker = ticker;
        this.beganNanos = ticker.getAsLong();
    }

    /**
     * A row was met that cannot be read.
     *
     * @param row by what it is known
     * @param sentence which row that is, what is wrong, and what becomes of it; never its content
     */
    public void met(LookupKey row, String sentence) {
        int number = numberOf(row);
        if (number > 0) {
            log.warn("{}", sentence);
        }
        if (number == MOST_ROWS) {
            log.warn("more rows that cannot be read are not named for an hour");
        }
    }

    /** Its number among those of this hour, or 0 if it was named or shall not be. */
    private synchronized int numberOf(LookupKey row) {
        long now = ticker.getAsLong();
        if (now - beganNanos >= PERIOD_NANOS) {
            named.clear();
            beganNanos = now;
        }
        return named.size() < MOST_ROWS && named.add(row) ? named.size() : 0;
    }
}
