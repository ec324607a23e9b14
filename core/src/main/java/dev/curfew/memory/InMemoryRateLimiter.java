package dev.curfew.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimiter;
import java.time.Duration;
import java.time.Instant;

/**
 * Counts calls in this process: so many in a period for each key, spread evenly once a burst is used up. Thread-safe.
 *
 * <p>It is the generic cell rate algorithm: for each key only the instant is kept at which the next call would be due if calls
 * came evenly. A clock that steps back starts the count anew. Memory is bounded; the keys used least lose their count first, which can only permit more.
 */
public final class InMemoryRateLimiter implements RateLimiter {
    private static final int MAX_KEYS = 100_000;

    private final Duration period;
    private final Duration interval;
    private final Duration burst;
    private final Cache<RateLimitKey, Instant> nextDue =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).build();

    private InMemoryRateLimiter(int permits, Duration period) {
        this.period = period;
        this.interval = period.dividedBy(permits);
        this.burst = interval.multipliedBy(permits - 1L);
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter
     */
    public static InMemoryRateLimiter of(int permits, Duration period) {
        if (permits < 1 || period.isNegative() || period.dividedBy(permits).isZero()) {
            throw new IllegalArgumentException("permits and period must be positive");
        }
        return new InMemoryRateLimiter(permits, period);
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitKey key, Instant now) {
        Duration[] wait = {Duration.ZERO};
        nextDue.asMap().compute(key, (same, due) -> {
            Instant start = due == null || due.isBefore(now) || due.isAfter(now.plus(period)) ? now : due;
            wait[0] = Duration.between(now, start.minus(burst));
            return isPositive(wait[0]) ? start : start.plus(interval);
        });
        return isPositive(wait[0]) ? RateLimitDecision.retryAfter(wait[0]) : RateLimitDecision.permitted();
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
