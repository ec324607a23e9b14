package dev.curfew.ratelimit;

import java.time.Instant;

/**
 * Bounds how often somebody may do something. Implementations are thread-safe.
 *
 * <p>A limiter that cannot answer lets the call pass and says so in its own log: limiting protects the service, and a
 * broken limiter must not keep anybody from logging out.
 */
@FunctionalInterface
public interface RateLimiter {
    /**
     * Takes one permit, if there is one.
     *
     * @param key whose permits and for what
     * @param now the instant of the operation
     * @return whether the call may go on, or when to come back
     */
    RateLimitDecision tryAcquire(RateLimitKey key, Instant now);

    /**
     * Whether {@link #tryAcquire} answers from memory, without I/O and without waiting, so that an event loop may call
     * it. What is to be counted elsewhere is left to a worker.
     *
     * @return false, unless an implementation knows better
     */
    default boolean answersAtOnce() {
        return false;
    }

    /**
     * No limit at all: for hosts whose gateway limits calls before they arrive.
     *
     * @return a limiter that always permits
     */
    static RateLimiter unlimited() {
        return new RateLimiter() {
            @Override
            public RateLimitDecision tryAcquire(RateLimitKey key, Instant now) {
                return RateLimitDecision.permitted();
            }

            @Override
            public boolean answersAtOnce() {
                return true;
            }
        };
    }
}
