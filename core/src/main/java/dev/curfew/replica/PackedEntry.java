package dev.curfew.replica;

import dev.curfew.revocation.RevocationReason;

/**
 * What an index keeps of an entry beside its fingerprint, in 32 bits: 26 of the minute in which it expires, rounded up,
 * one that says that the entry is held in full elsewhere and decides there, and five of the reason. Never 0.
 */
final class PackedEntry {
    /** A minute at which nothing has expired. */
    static final int NOTHING_EXPIRED = 0;

    private static final int EXPIRY_SHIFT = 6;
    private static final int IN_FULL = 1 << 5;
    private static final int REASON = IN_FULL - 1;
    private static final int NEVER = (1 << 26) - 1;
    private static final long MILLIS = 60_000;

    /** 2020-01-01T00:00Z, so that 26 bits last until 2147. */
    private static final long FIRST_MINUTE = 26_297_280;

    private PackedEntry() {}

    static int of(long forgetAfterMillis, boolean isInFull, RevocationReason reason) {
        long minute = Math.floorDiv(forgetAfterMillis + MILLIS - 1, MILLIS) - FIRST_MINUTE;
        // At least 1, so that a clock that stands before the first minute finds nothing expired.
        int expiry = (int) Math.max(1, Math.min(minute, NEVER));
        return expiry << EXPIRY_SHIFT | (isInFull ? IN_FULL : 0) | reason.code();
    }

    /** The minute of an instant, comparable with {@link #expiry}. */
    static int minute(long millis) {
        return (int) Math.max(0, Math.min(Math.floorDiv(millis, MILLIS) - FIRST_MINUTE, NEVER - 1));
    }

    static int expiry(int note) {
        return note >>> EXPIRY_SHIFT;
    }

    static boolean isExpired(int note, int minute) {
        return expiry(note) <= minute;
    }

    static boolean isInFull(int note) {
        return (note & IN_FULL) != 0;
    }

    /** {@link RevocationReason#code}, of which all fit into five bits. */
    static int reasonCode(int note) {
        return note & REASON;
    }

    /**
     * The later expiry, with the reason that came first. If one of the two decides by itself, so does the joined one.
     */
    static int join(int first, int second) {
        int expiry = Math.max(expiry(first), expiry(second));
        return expiry << EXPIRY_SHIFT | first & second & IN_FULL | first & REASON;
    }
}
