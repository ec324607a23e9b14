package dev.curfew.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.curfew.ratelimit.EvenRate;
import dev.curfew.ratelimit.RateLimit;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.ratelimit.RateLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Counts calls in this process: so many in a period for each key, spread evenly once a burst is used up. Thread-safe.
 *
 * <p>It is the generic cell rate algorithm ({@link EvenRate}): for each key only the instant is kept at which the next
 * call would be due if calls came evenly. A clock that steps back starts the count anew. Memory is bounded to 100,000
 * keys; the keys used least lose their count first, which can only permit more.
 */
public final class InMemoryRateLimiter implements RateLimiter {
    private static final int MAX_KEYS = 100_000;
    private static final Duration TICK = Duration.ofNanos(1);

    private final Map<Action, EvenRate> rates = new EnumMap<>(Action.class);
    private final Cache<RateLimitKey, Instant> nextDue =
            Caffeine.newBuilder().maximumSize(MAX_KEYS).build();

    private InMemoryRateLimiter(RateLimits limits) {
        for (Action action : Action.values()) {
            rates.put(action, EvenRate.of(limits.of(action), TICK));
        }
    }

    /**
     * Permits so many calls in each period, for each key.
     *
     * @param permits positive; all of them may come at once
     * @param period positive
     * @return a new limiter
     */
    public static InMemoryRateLimiter of(int permits, Duration period) {
        return of(RateLimits.all(new RateLimit(permits, period)));
    }

    /**
     * Permits so many calls of each action, for each key.
     *
     * @param limits for example {@link RateLimits#defaults()}
     * @return a new limiter
     */
    public static InMemoryRateLimiter of(RateLimits limits) {
        return new InMemoryRateLimiter(limits);
    }

    @Override
    public boolean answersAtOnce() {
        return true;
    }

    @Override
    public RateLimitDecision tryAcquire(RateLimitKey key, Instant now) {
        EvenRate rate = Objects.requireNonNull(rates.get(key.action()), "every action has a rate");
        RateLimitDecision[] decision = {RateLimitDecision.permitted()};
        nextDue.asMap().compute(key, (same, due) -> {
            boolean isAnew = due == null || due.isBefore(now) || due.isAfter(now.plus(rate.period()));
            Instant start = isAnew ? now : due;
            Duration wait = Duration.between(now, start).minus(rate.burst());
            if (!wait.isNegative() && !wait.isZero()) {
                decision[0] = rate.refused(wait);
                return start;
            }
            Instant next = start.plus(rate.interval());
            decision[0] = rate.permitted(Duration.between(now, next));
            return next;
        });
        return decision[0];
    }
}
