package dev.curfew.check;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A count that costs a check next to nothing. Thread-safe.
 *
 * <p>Each thread adds to a place of its own among 64, without an atomic step. Two threads that share a place and add at
 * the same instant may lose one of the two, so that the count may be a little too small and is never too large.
 */
final class StripedCount {
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int STRIPES = 64;

    /** Longs in a pair of cache lines, which processors like to fetch together. */
    private static final int SHIFT = 4;

    private final long[] places = new long[STRIPES << SHIFT];

    /** Ids of threads follow each other, so that few threads share a place. Java 19 gave the method another name. */
    @SuppressWarnings("deprecation")
    void increment() {
        int place = ((int) Thread.currentThread().getId() & STRIPES - 1) << SHIFT;
        PLACE.setOpaque(places, place, (long) PLACE.getOpaque(places, place) + 1);
    }

    long sum() {
        long sum = 0;
        for (int i = 0; i < STRIPES; i++) {
            sum += (long) PLACE.getOpaque(places, i << SHIFT);
        }
        return sum;
    }
}
