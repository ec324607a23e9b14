package dev.curfew.jose;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How keys are loaded from an issuer. Immutable.
 *
 * @param ages how old keys may be
 * @param timeout of one load
 * @param maxBytes of one answer
 * @param waitingAtMost how many callers may wait for a load
 * @param nanoTime elapsed time, which no wall clock can turn back
 */
public record KeyLoadSettings(Ages ages, Duration timeout, int maxBytes, int waitingAtMost, LongSupplier nanoTime) {
    /**
     * How old keys may be.
     *
     * @param maxAge after which a set is loaded again
     * @param usableFor how long a set serves while it cannot be loaded
     * @param refreshAtMostEvery the shortest time between two loads for an unknown key
     */
    public record Ages(Duration maxAge, Duration usableFor, Duration refreshAtMostEvery) {}
}
