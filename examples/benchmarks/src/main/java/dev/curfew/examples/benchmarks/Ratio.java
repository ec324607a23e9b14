package dev.curfew.examples.benchmarks;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One line of the table. Immutable.
 *
 * @param name what was measured
 * @param figure how much it was
 * @param unit of the figure
 * @param against what it is compared with, measured in the same run, or null
 * @param ratio how often the one goes into the other, or null
 * @param meaning of the ratio, for people
 */
record Ratio(
        String name,
        Figure figure,
        String unit,
        @Nullable String against,
        @Nullable Figure ratio,
        String meaning) {
    /** Meanings of the ratio. */
    static final String CHEAPER = "cheaper than";

    static final String TIMES = "that of";
    static final String THROUGHPUT = "the throughput of";

    /** {@return the first word of the name, such as {@code check}} */
    String part() {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** The ratio, of a line that has one. */
    Figure requireRatio() {
        return Objects.requireNonNull(ratio, name);
    }

    String toJson() {
        return String.format(
                Locale.ROOT,
                "{\"name\": %s, \"value\": %s, \"unit\": %s, \"against\": %s, \"ratio\": %s, \"low\": %s,"
                        + " \"high\": %s, \"samples\": %d, \"ratioLow\": %s, \"ratioHigh\": %s, \"meaning\": %s}",
                text(name),
                json(figure.value()),
                text(unit),
                against == null ? "null" : text(against),
                ratio == null ? "null" : json(ratio.value()),
                json(figure.low()),
                json(figure.high()),
                figure.samples(),
                ratio == null ? "null" : json(ratio.low()),
                ratio == null ? "null" : json(ratio.high()),
                text(meaning));
    }

    String toLine() {
        return String.format(
                        Locale.ROOT,
                        "%-38s %10s %-6s %-22s %s",
                        name,
                        number(figure.value()),
                        unit,
                        range(figure),
                        ratio == null
                                ? ""
                                : String.format(
                                        Locale.ROOT,
                                        "%9s x %-20s %s %s",
                                        number(ratio.value()),
                                        range(ratio),
                                        meaning,
                                        against))
                .stripTrailing();
    }

    /** What has no bound, because it was compared with something that took no time at all once, is null. */
    private static String json(double number) {
        return Double.isFinite(number) ? number(number) : "null";
    }

    private static String text(String plain) {
        return "\"" + plain.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** In the form {@code (low to high)}; empty for what was measured once. */
    static String range(Figure figure) {
        return figure.samples() == 1 && figure.low() == figure.high()
                ? ""
                : "(" + number(figure.low()) + " to " + number(figure.high()) + ")";
    }

    static String number(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        return String.format(Locale.ROOT, Math.abs(number) < 10 ? "%.3f" : "%.1f", number);
    }
}
