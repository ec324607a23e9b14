package dev.curfew.examples.benchmarks;

import java.util.Arrays;

/**
 * A figure with the range of the samples that it was taken from. Immutable.
 *
 * @param value the median of the samples, or what the name of the figure says
 * @param low the lowest sample
 * @param high the highest sample
 * @param samples how many there were
 */
record Figure(double value, double low, double high, int samples) {
    /** What was measured once. */
    static Figure of(double value) {
        return new Figure(value, value, value, 1);
    }

    /** The median of one sample or more, and their range. */
    static Figure median(double... samples) {
        double[] sorted = samples.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Figure(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /** The same in a unit that is so many times larger. */
    Figure in(double unit) {
        return new Figure(value / unit, low / unit, high / unit, samples);
    }

    /** How many times the other's this is; at the least the lowest against the highest, at the most the reverse. */
    Figure over(Figure other) {
        return new Figure(value / other.value, low / other.high, high / other.low, Math.min(samples, other.samples));
    }

    /** How many times the lowest sample the highest one is. */
    double spread() {
        return high / low;
    }
}
