package dev.curfew.deliver;

import java.time.Duration;

/** Lets deliveries that were not started make their turns, for tests that move the clock by hand. */
public final class DeliveryTurns {
    private static final int TOO_MANY = 10_000;

    private DeliveryTurns() {}

    /**
     * Turns until it rests.
     *
     * @param deliveries not started
     * @return for how long it would rest
     */
    public static Duration untilRest(Deliveries deliveries) {
        for (int turns = 0; turns < TOO_MANY; turns++) {
            Duration rest = deliveries.turn();
            if (!rest.isZero()) {
                return rest;
            }
        }
        throw new AssertionError("it never rests");
    }
}
