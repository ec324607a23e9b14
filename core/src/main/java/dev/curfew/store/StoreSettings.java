package dev.curfew.store;

import java.time.Duration;
import java.util.Objects;

/**
 * What a store must know of the host's configuration. Immutable.
 *
 * @param retention how long cut-offs and revocations of foreign sessions last; stored with the data
 * @param nodeSkew how far the clocks of two nodes may be apart
 * @param endedSessionsKept how long a session that has ended can still be looked up before it is purged
 * @param trustsOlderTokens whether tokens that began before the store was created are trusted: only for adopting Curfew
 *     under living tokens, because a store that lost its data is new as well
 */
public record StoreSettings(
        Duration retention, Duration nodeSkew, Duration endedSessionsKept, boolean trustsOlderTokens) {
    /** How long anything stays beyond its last use, on behalf of readers that lag and clocks that differ. */
    public static final Duration PURGE_DELAY = Duration.ofHours(1);

    /** Checks the durations. */
    public StoreSettings {
        requirePositive(retention, "retention");
        requirePositive(endedSessionsKept, "endedSessionsKept");
        if (Objects.requireNonNull(nodeSkew, "nodeSkew").isNegative()) {
            throw new IllegalArgumentException("nodeSkew must not be negative");
        }
    }

    /**
     * {@return 100 days of retention, 2 seconds between clocks, ended sessions kept for 7 days, older tokens refused}
     */
    public static StoreSettings defaults() {
        return new StoreSettings(Duration.ofDays(100), Duration.ofSeconds(2), Duration.ofDays(7), false);
    }

    private static void requirePositive(Duration value, String name) {
        if (Objects.requireNonNull(value, name).isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive");
        }
    }
}
