package dev.curfew.examples.benchmarks;

import java.util.Arrays;

/** Measured times of one thing, in nanoseconds, in the order in which they were measured. Immutable. */
final class Durations {
    private static final int BATCHES = 5;

    private final long[] nanos;

    Durations(long... nanos) {
        this.nanos = nanos.clone();
    }

    /** The time that so many of a hundred did not exceed. */
    double percentile(int percent) {
        return percentile(percent, 0, nanos.length);
    }

    double median() {
        return percentile(50);
    }

    /**
     * The percentile of all, and its range over five batches that followed one another: a neighbour that was busy for a
     * while shows in some of them. The percentile of all is never outside of that range.
     */
    Figure figure(int percent) {
        int batches = Math.min(BATCHES, nanos.length);
        double[] each = new double[batches];
        for (int i = 0; i < batches; i++) {
            each[i] = percentile(percent, nanos.length * i / batches, nanos.length * (i + 1) / batches);
        }
        Figure range = Figure.median(each);
        return new Figure(percentile(percent), range.low(), range.high(), batches);
    }

    private double percentile(int percent, int from, int to) {
        long[] sorted = Arrays.copyOfRange(nanos, from, to);
        Arrays.sort(sorted);
        return sorted[(int) Math.max(0, Math.ceil(sorted.length * percent / 100.0) - 1)];
    }
}
