package dev.curfew.replica;

import java.time.Duration;

/**
 * When an index that is incomplete is loaded again: after 30 seconds, and then ever more rarely. Used by one thread.
 */
final class ReloadSchedule {
    private static final Duration FIRST = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final NodeTime time;
    private Duration period = FIRST;
    private long dueNanos;

    ReloadSchedule(NodeTime time) {
        this.time = time;
    }

    /** The index is found incomplete. */
    void begin() {
        dueNanos = time.nanos() + period.toNanos();
        Duration doubled = period.multipliedBy(2);
        period = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    }

    boolean isDue() {
        return time.nanos() - dueNanos >= 0;
    }

    /** The index is complete. */
    void end() {
        period = FIRST;
    }
}
