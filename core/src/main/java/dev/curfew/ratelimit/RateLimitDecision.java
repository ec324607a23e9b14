package dev.curfew.ratelimit;

import java.time.Duration;

/**
 * A limiter's answer. Immutable.
 *
 * @param isPermitted whether the call may go on
 * @param retryAfter when to come back, zero if permitted
 */
public record RateLimitDecision(boolean isPermitted, Duration retryAfter) {
    private static final RateLimitDecision PERMITTED = new RateLimitDecision(true, Duration.ZERO);

    /**
     * The call may go on.
     *
     * @return the shared value
     */
    public static RateLimitDecision permitted() {
        return PERMITTED;
    }

    /**
     * The call may not go on yet.
     *
     * @param retryAfter when to come back; positive
     * @return the decision
     */
    public static RateLimitDecision retryAfter(Duration retryAfter) {
        if (retryAfter.isNegative() || retryAfter.isZero()) {
            throw new IllegalArgumentException("retryAfter must be positive");
        }
        return new RateLimitDecision(false, retryAfter);
    }
}
