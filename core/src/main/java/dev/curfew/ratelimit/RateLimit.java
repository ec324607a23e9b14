package dev.curfew.ratelimit;

import java.time.Duration;
import java.util.Objects;

/**
 * So many calls in a period. Immutable.
 *
 * @param permits positive; all of them may come at once
 * @param period positive, at most 365 days
 */
public record RateLimit(int permits, Duration period) {
    private static final Duration LONGEST = Duration.ofDays(365);

    /**
     * Checks both numbers.
     *
     * @throws IllegalArgumentException if either is out of its range
     */
    public RateLimit {
        Objects.requireNonNull(period, "period");
        if (permits < 1 || period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException(
                    "permits and period must be positive, and are " + permits + " and " + period);
        }
        if (period.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("period must be at most 365 days, and is " + period);
        }
    }

    /**
     * So many calls in each minute.
     *
     * @param permits positive
     * @return the limit
     */
    public static RateLimit perMinute(int permits) {
        return new RateLimit(permits, Duration.ofMinutes(1));
    }
}
