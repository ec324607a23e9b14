package dev.curfew.examples.benchmarks;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table. Immutable.
 *
 * @param name what was measured
 * @param value how much it was
 * @param unit of the value
 * @param against what it is compared with, measured in the same run, or null
 * @param ratio how often the one goes into the other, or null
 * @param meaning of the ratio, for people
 */
record Ratio(
        String name,
        double value,
        String unit,
        @Nullable String against,
        @Nullable Double ratio,
        String meaning) {
    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"name\": \"%s\", \"value\": %s, \"unit\": \"%s\", \"against\": %s, \"ratio\": %s}",
                name,
                number(value),
                unit,
                against == null ? "null" : "\"" + against + "\"",
                ratio == null ? "null" : number(ratio));
    }

    String toLine() {
        return String.format(
                        Locale.ROOT,
                        "%-30s %12s %-6s %s",
                        name,
                        number(value),
                        unit,
                        ratio == null ? "" : String.format(Locale.ROOT, "%9s x %s %s", number(ratio), meaning, against))
                .stripTrailing();
    }

    private static String number(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.3f" : "%.1f", number);
    }
}
