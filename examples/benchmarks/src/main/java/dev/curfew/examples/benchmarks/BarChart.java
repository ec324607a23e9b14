package dev.curfew.examples.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Ratios as bars that begin at 1, on a logarithmic axis, each with its range as a whisker and its value at the end of
 * the row. Parts stand apart. Immutable.
 */
final class BarChart {
    private static final double WIDTH = 900;
    private static final double LEFT = 400;
    private static final double RIGHT = 80;
    private static final double TOP = 84;
    private static final double ROW = 24;
    private static final double GAP = 12;
    private static final double BOTTOM = 16;

    private final String id;
    private final String title;
    private final String meaning;
    private final List<Ratio> rows;

    /** Rows of one part are brought together. */
    BarChart(String id, String title, String meaning, List<Ratio> rows) {
        this.id = id;
        this.title = title;
        this.meaning = meaning;
        this.rows =
                rows.stream()
                        .collect(Collectors.groupingBy(Ratio::part, LinkedHashMap::new, Collectors.toList()))
                        .values()
                        .stream()
                        .flatMap(List::stream)
                        .toList();
    }

    String draw() {
        double height = TOP + rows.size() * ROW + gaps() * GAP + BOTTOM;
        Svg svg = new Svg(id, WIDTH, height, title, describe());
        svg.words(16, 28, "start", "head", title);
        svg.words(16, 48, "start", "soft", meaning + " Logarithmic; the whisker is the range of the samples.");
        Axis axis = axis();
        axis.ticks().forEach(tick -> {
            double x = axis.place(tick);
            svg.line(tick == 1 ? "one" : "grid", x, TOP - 6, x, height - BOTTOM);
            svg.words(x, TOP - 12, "middle", "soft", Axis.label(tick) + "×");
        });
        double y = TOP;
        String part = rows.get(0).part();
        for (Ratio row : rows) {
            if (!row.part().equals(part)) {
                part = row.part();
                y += GAP;
            }
            draw(svg, axis, row, y);
            y += ROW;
        }
        return svg.finish();
    }

    private static void draw(Svg svg, Axis axis, Ratio row, double y) {
        Figure ratio = row.requireRatio();
        double middle = y + ROW / 2;
        double begin = axis.place(1);
        double end = axis.place(ratio.value());
        double low = axis.place(ratio.low());
        double high = axis.place(ratio.high());
        svg.open("g", "class", "row");
        svg.text("title", describe(row));
        svg.words(LEFT - 10, middle + 4, "end", "", row.name() + ", against " + row.against());
        svg.empty(
                "rect",
                "class",
                "bar",
                "x",
                Svg.number(Math.min(begin, end)),
                "y",
                Svg.number(y + 5),
                "width",
                Svg.number(Math.max(1, Math.abs(end - begin))),
                "height",
                Svg.number(ROW - 10));
        svg.line("range", low, middle, high, middle);
        svg.line("range", low, middle - 4, low, middle + 4);
        svg.line("range", high, middle - 4, high, middle + 4);
        svg.words(WIDTH - 12, middle + 4, "end", "", value(ratio.value()) + "×");
        svg.close();
    }

    private Axis axis() {
        double least = rows.stream()
                .map(Ratio::requireRatio)
                .mapToDouble(ratio -> ratio.low() > 0 ? ratio.low() : ratio.value())
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        double most = rows.stream()
                .map(Ratio::requireRatio)
                .mapToDouble(ratio -> Double.isFinite(ratio.high()) ? ratio.high() : ratio.value())
                .max()
                .orElse(1);
        return Axis.logarithmic(Math.min(0.8, least), Math.max(1.25, most), LEFT, WIDTH - RIGHT);
    }

    private long gaps() {
        return rows.stream().map(Ratio::part).distinct().count() - 1;
    }

    private String describe() {
        return rows.stream().map(BarChart::describe).collect(Collectors.joining("; ", meaning + " ", "."));
    }

    private static String describe(Ratio row) {
        Figure ratio = row.requireRatio();
        return row.name() + ", against " + row.against() + ": " + value(ratio.value()) + "× (" + value(ratio.low())
                + " to " + value(ratio.high()) + ")";
    }

    /** Three digits say all that such a measurement can. */
    private static String value(double ratio) {
        if (ratio >= 100) {
            return String.format(Locale.ROOT, "%.0f", ratio);
        }
        return String.format(Locale.ROOT, ratio >= 10 ? "%.1f" : "%.2f", ratio);
    }
}
