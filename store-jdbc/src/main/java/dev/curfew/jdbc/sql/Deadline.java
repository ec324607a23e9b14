package dev.curfew.jdbc.sql;

import java.sql.SQLTimeoutException;
import java.time.Duration;

/** The end of one call to the store, in elapsed time. Immutable. */
public final class Deadline {
    private final long endNanos;

    private Deadline(long endNanos) {
        this.endNanos = endNanos;
    }

    public static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    /** Positive; once there is nothing left, an exception. */
    int millisLeft() throws SQLTimeoutException {
        long millis = (endNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SQLTimeoutException("the time for one call to the store is over");
        }
        return (int) Math.min(millis, Integer.MAX_VALUE);
    }

    boolean isOver() {
        return endNanos - System.nanoTime() <= 0;
    }
}
