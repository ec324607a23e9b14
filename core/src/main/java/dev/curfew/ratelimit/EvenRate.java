package dev.curfew.ratelimit;

import dev.curfew.ratelimit.RateLimitDecision.Quota;
import java.time.Duration;

/**
 * The arithmetic of the generic cell rate algorithm, for limiters that keep one instant for each key. Immutable.
 *
 * <p>With {@code N} permits in a period the <i>interval</i> is the period divided by {@code N}. A limiter keeps the
 * instant at which the next call would be <i>due</i> if calls came evenly. A call at {@code now} is permitted if {@code
 * due - now <= burst}, with {@code burst = (N - 1) * interval}; it moves {@code due} to {@code max(due, now) +
 * interval}. So after a permitted call, with {@code ahead = due - now}:
 *
 * <ul>
 *   <li>{@code remaining = floor((N * interval - ahead) / interval)} calls would be permitted at once;
 *   <li>one more is permitted after {@code ahead - (N - remaining - 1) * interval}.
 * </ul>
 *
 * <p>Both are exact. At most {@code 2 * N - 1} calls pass in any window of one period.
 */
public final class EvenRate {
    private final RateLimit limit;
    private final long intervalNanos;

    private EvenRate(RateLimit limit, long intervalNanos) {
        this.limit = limit;
        this.intervalNanos = intervalNanos;
    }

    /**
     * Makes the arithmetic of a limit.
     *
     * @param limit so many permits in a period
     * @param tick the least time that the limiter's clock can tell; positive
     * @return the arithmetic, whose interval is a whole number of ticks, rounded down
     * @throws IllegalArgumentException if the interval would be shorter than a tick
     */
    public static EvenRate of(RateLimit limit, Duration tick) {
        long tickNanos = tick.toNanos();
        if (tickNanos < 1) {
            throw new IllegalArgumentException("tick must be positive");
        }
        long ticks = limit.period().toNanos() / tickNanos / limit.permits();
        if (ticks == 0) {
            throw new IllegalArgumentException(
                    "period " + limit.period() + " is too short for " + limit.permits() + " permits");
        }
        return new EvenRate(limit, ticks * tickNanos);
    }

    /**
     * The time in which one permit comes back.
     *
     * @return positive
     */
    public Duration interval() {
        return Duration.ofNanos(intervalNanos);
    }

    /**
     * How far ahead of the clock a call may be due and still be permitted.
     *
     * @return zero for a limit of one permit, else positive
     */
    public Duration burst() {
        return Duration.ofNanos(intervalNanos * (limit.permits() - 1L));
    }

    /**
     * The time in which all permits come back.
     *
     * @return the period of the limit
     */
    public Duration period() {
        return limit.period();
    }

    /**
     * The answer to a call that took a permit.
     *
     * @param ahead from now until the next call is due, this call included; positive, at most {@link #burst} and one
     *     interval
     * @return permitted, with what is left
     */
    public RateLimitDecision permitted(Duration ahead) {
        long aheadNanos = ahead.toNanos();
        long remaining = (limit.permits() * intervalNanos - aheadNanos) / intervalNanos;
        long reset = aheadNanos - (limit.permits() - remaining - 1) * intervalNanos;
        return RateLimitDecision.permitted(new Quota(limit, remaining, Duration.ofNanos(reset)));
    }

    /**
     * The answer to a call that came too early.
     *
     * @param wait until one call is permitted; positive
     * @return refused, with nothing left
     */
    public RateLimitDecision refused(Duration wait) {
        return RateLimitDecision.retryAfter(wait, limit);
    }
}
