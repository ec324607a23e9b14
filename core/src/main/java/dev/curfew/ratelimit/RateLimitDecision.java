package dev.curfew.ratelimit;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A limiter's answer. Immutable.
 *
 * <p>A limiter that knows its quota says so, and the endpoints tell the caller; one that does not is as good.
 */
public final class RateLimitDecision {
    private static final RateLimitDecision PERMITTED = new RateLimitDecision(true, Duration.ZERO, null);

    private final boolean permitted;
    private final Duration retryAfter;
    private final @Nullable Quota quota;

    private RateLimitDecision(boolean permitted, Duration retryAfter, @Nullable Quota quota) {
        this.permitted = permitted;
        this.retryAfter = retryAfter;
        this.quota = quota;
    }

    /**
     * What is left to a caller. Immutable.
     *
     * @param limit what the caller has in all
     * @param remaining how many calls would be permitted at once now; 0 or more
     * @param reset until one more call than {@code remaining} is permitted; zero if nothing is used up
     */
    public record Quota(RateLimit limit, long remaining, Duration reset) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if either is negative
         */
        public Quota {
            Objects.requireNonNull(limit, "limit");
            if (remaining < 0 || reset.isNegative()) {
                throw new IllegalArgumentException("remaining and reset must not be negative");
            }
        }
    }

    /**
     * The call may go on; the quota is not known.
     *
     * @return the shared value
     */
    public static RateLimitDecision permitted() {
        return PERMITTED;
    }

    /**
     * The call may go on.
     *
     * @param quota what is left after it
     * @return the decision
     */
    public static RateLimitDecision permitted(Quota quota) {
        return new RateLimitDecision(true, Duration.ZERO, Objects.requireNonNull(quota, "quota"));
    }

    /**
     * The call may not go on yet; the quota is not known.
     *
     * @param retryAfter when to come back; positive
     * @return the decision
     */
    public static RateLimitDecision retryAfter(Duration retryAfter) {
        return new RateLimitDecision(false, requirePositive(retryAfter), null);
    }

    /**
     * The call may not go on yet, because nothing is left.
     *
     * @param retryAfter until one call is permitted; positive
     * @param limit what the caller has in all
     * @return the decision
     */
    public static RateLimitDecision retryAfter(Duration retryAfter, RateLimit limit) {
        return new RateLimitDecision(false, requirePositive(retryAfter), new Quota(limit, 0, retryAfter));
    }

    /**
     * Whether the call may go on.
     *
     * @return true if it took a permit
     */
    public boolean isPermitted() {
        return permitted;
    }

    /**
     * When to come back.
     *
     * @return zero if permitted, else positive
     */
    public Duration retryAfter() {
        return retryAfter;
    }

    /**
     * What is left to the caller.
     *
     * @return the quota, if the limiter knows it
     */
    public Optional<Quota> quota() {
        return Optional.ofNullable(quota);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RateLimitDecision that
                && permitted == that.permitted
                && retryAfter.equals(that.retryAfter)
                && Objects.equals(quota, that.quota);
    }

    @Override
    public int hashCode() {
        return Objects.hash(permitted, retryAfter, quota);
    }

    @Override
    public String toString() {
        return (permitted ? "permitted" : "retry after " + retryAfter) + (quota == null ? "" : ", " + quota);
    }

    private static Duration requirePositive(Duration retryAfter) {
        if (retryAfter.isNegative() || retryAfter.isZero()) {
            throw new IllegalArgumentException("retryAfter must be positive");
        }
        return retryAfter;
    }
}
