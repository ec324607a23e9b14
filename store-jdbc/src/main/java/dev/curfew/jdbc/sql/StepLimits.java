package dev.curfew.jdbc.sql;

import java.time.Duration;

/**
 * What one step may take. Immutable.
 *
 * @param timeout in elapsed time, the wait for a connection and all repetitions included
 * @param attempts how often it is tried, if the database gives another step precedence
 */
record StepLimits(Duration timeout, int attempts) {
    Deadline begin() {
        return Deadline.in(timeout);
    }
}
