package dev.curfew.store;

import java.time.Instant;
import java.util.Objects;

/**
 * What a read of the feed learns of the store's own time. Immutable.
 *
 * @param horizon up to when the store has removed what was forgotten, of all its partitions the latest; at an instant
 *     before it the store cannot say that something is not revoked. {@link Instant#EPOCH} if nothing was ever removed
 * @param clock the reading of the server's clock during the read; of a store without a server, the instant of the
 *     operation
 */
public record StoreTimes(Instant horizon, Instant clock) {
    /** Refuses null. */
    public StoreTimes {
        Objects.requireNonNull(horizon, "horizon");
        Objects.requireNonNull(clock, "clock");
    }

    /**
     * Of a store that has never removed anything, and has no clock but the node's.
     *
     * @param now the instant of the operation
     * @return the times
     */
    public static StoreTimes at(Instant now) {
        return new StoreTimes(Instant.EPOCH, now);
    }
}
