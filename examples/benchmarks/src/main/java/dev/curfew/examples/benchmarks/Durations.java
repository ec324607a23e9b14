package dev.curfew.examples.benchmarks;

import java.util.Arrays;

/** Measured times of one thing, in nanoseconds. Immutable. */
final class Durations {
    private final long[] sorted;

    Durations(long... nanos) {
        this.sorted = nanos.clone();
        Arrays.sort(sorted);
    }

    /** The time that so many of a hundred did not exceed. */
    double percentile(int percent) {
        return sorted[(int) Math.max(0, Math.ceil(sorted.length * percent / 100.0) - 1)];
    }

    double median() {
        return percentile(50);
    }
}
