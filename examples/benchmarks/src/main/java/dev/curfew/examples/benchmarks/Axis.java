package dev.curfew.examples.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** From values to places along one side of a picture. Immutable. */
final class Axis {
    private static final int MOST_TICKS = 7;

    private final boolean isLogarithmic;
    private final double least;
    private final double most;
    private final double from;
    private final double to;

    private Axis(boolean isLogarithmic, double least, double most, double from, double to) {
        this.isLogarithmic = isLogarithmic;
        this.least = least;
        this.most = most;
        this.from = from;
        this.to = to;
    }

    /** Equal lengths are equal factors. What is not positive stands at the beginning. */
    static Axis logarithmic(double least, double most, double from, double to) {
        return new Axis(true, least, Math.max(most, least * 1.001), from, to);
    }

    /** From zero, with equal lengths for equal differences. */
    static Axis linear(double most, double from, double to) {
        return new Axis(false, 0, most > 0 ? most : 1, from, to);
    }

    /** Where a value stands. */
    double place(double value) {
        double inside = Math.max(least, Math.min(most, value));
        double part =
                isLogarithmic ? Math.log(inside / least) / Math.log(most / least) : (inside - least) / (most - least);
        return from + part * (to - from);
    }

    /** Round values between both ends, few enough to be read. */
    List<Double> ticks() {
        return isLogarithmic ? factors() : steps();
    }

    private List<Double> factors() {
        for (double[] digits : new double[][] {{1, 2, 5}, {1, 3}, {1}}) {
            List<Double> ticks = decades(1, digits);
            if (ticks.size() <= MOST_TICKS) {
                return ticks;
            }
        }
        int decades = (int) Math.ceil(Math.log10(most / least));
        return decades((decades + MOST_TICKS - 1) / MOST_TICKS, 1);
    }

    private List<Double> decades(int every, double... digits) {
        List<Double> ticks = new ArrayList<>();
        for (int exponent = (int) Math.floor(Math.log10(least)); Math.pow(10, exponent) <= most; exponent++) {
            for (double digit : digits) {
                double tick = digit * Math.pow(10, exponent);
                if (exponent % every == 0 && tick >= least && tick <= most) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }

    private List<Double> steps() {
        double step = Math.pow(10, Math.floor(Math.log10(most)));
        for (double part : new double[] {0.2, 0.25, 0.5, 1, 2}) {
            if (most / (step * part) <= MOST_TICKS) {
                step *= part;
                break;
            }
        }
        List<Double> ticks = new ArrayList<>();
        for (int i = 0; i * step <= most; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A value in few characters: 0.5, 250, 10k, 1M. */
    static String label(double value) {
        if (value >= 1e6) {
            return Svg.number(value / 1e6) + "M";
        }
        if (value >= 1e4) {
            return Svg.number(value / 1e3) + "k";
        }
        return value >= 1 || value == 0 ? Svg.number(value) : trimmed(Ratio.number(value));
    }

    private static String trimmed(String number) {
        return number.contains(".") ? number.replaceAll("\\.?0+$", "") : number;
    }
}
