package dev.curfew.memory;

import java.time.Instant;

/**
 * How a verb understands what the time elapsed since the store was opened says. Tests put another one in. Thread-safe.
 *
 * <p>A store in memory has no server whose clock could contradict a node that was set ahead. Elapsed time can: nobody
 * sets it.
 */
@FunctionalInterface
interface ElapsedClock {
    /**
     * The instant by elapsed time.
     *
     * @param now the instant of the operation
     * @param reading the instant at which the store was opened, and the time elapsed since
     * @return what it is taken to be
     */
    Instant at(Instant now, Instant reading);
}
