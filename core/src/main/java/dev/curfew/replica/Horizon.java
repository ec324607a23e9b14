package dev.curfew.replica;

import java.time.Instant;

/**
 * Before which instants an index cannot say that something is not revoked. Immutable; two of them are never the same,
 * so that a change is seen.
 */
final class Horizon {
    static final Horizon NONE = new Horizon(Long.MIN_VALUE, Long.MIN_VALUE);

    private final long own;
    private final long stored;

    /**
     * Makes one.
     *
     * @param own in milliseconds; what was forgotten earlier, this node has dropped or left out
     * @param stored in milliseconds; what was forgotten earlier, the store may have removed before this node read it
     */
    Horizon(long own, long stored) {
        this.own = own;
        this.stored = stored;
    }

    /** The first millisecond at which nothing counts any more that was forgotten at this instant. */
    static long millis(Instant forgotten) {
        long floor = forgotten.toEpochMilli();
        return Instant.ofEpochMilli(floor).equals(forgotten) ? floor : floor + 1;
    }

    long own() {
        return own;
    }

    long stored() {
        return stored;
    }

    boolean isBeforeOwn(long nowMillis) {
        return nowMillis < own;
    }

    boolean isBeforeStored(long nowMillis) {
        return nowMillis < stored;
    }
}
