package dev.curfew.status;

import java.time.Duration;
import java.time.Instant;

/**
 * When something was known, by two clocks: one may stand still while a machine sleeps, the other be set back.
 * Immutable.
 *
 * @param nanos by the ticker
 * @param at by the clock
 */
record Reading(long nanos, Instant at) {
    /** Whether it is no longer ago than stated, by both. */
    boolean isWithin(Duration age, Reading now) {
        return now.nanos - nanos <= age.toNanos() && !now.at.isAfter(at.plus(age)) && !now.at.isBefore(at.minus(age));
    }
}
