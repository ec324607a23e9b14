package dev.curfew.examples.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Figures against what they grow with: a line for each series, with a mark and a whisker for each point. Across stands
 * a logarithmic axis; upwards a linear one from zero, or a logarithmic one where the figures differ by more than twenty
 * times. Immutable.
 */
final class LineChart {
    private static final double WIDTH = 900;
    private static final double HEIGHT = 480;
    private static final double LEFT = 84;
    private static final double RIGHT = 32;
    private static final double HEAD = 74;
    private static final double LEGEND_ROW = 20;
    private static final int LEGEND_COLUMNS = 5;
    private static final double BOTTOM = 56;
    private static final double LOGARITHMIC_FROM = 20;
    private static final double ASIDE = 9;
    private static final double MOST_ASIDE = 36;
    /** More lines than these are dashed. */
    private static final int STYLES = 6;

    private final String id;
    private final String title;
    private final String across;
    private final String unit;
    private final List<Series> series;
    private final double top;

    /**
     * @param across what it grows with
     * @param unit of the figures
     */
    LineChart(String id, String title, String across, String unit, List<Series> series) {
        this.id = id;
        this.title = title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1);
        this.across = across;
        this.unit = unit;
        this.series = List.copyOf(series);
        int rows = (series.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS;
        this.top = HEAD + LEGEND_ROW * rows;
    }

    /** One line, from left to right. */
    record Series(String name, List<Point> points) {}

    /** One figure, and where it stands. */
    record Point(double x, Figure y) {}

    String draw() {
        Svg svg = new Svg(id, WIDTH, HEIGHT, title, describe());
        svg.words(16, 28, "start", "head", title);
        Axis up = up();
        svg.words(16, 48, "start", "soft", unit + " against " + across + "; the whisker is the range of the samples.");
        Axis right = right();
        grid(svg, right, up);
        for (int i = 0; i < series.size(); i++) {
            // Whiskers of the same place stand beside each other.
            double aside = (i - (series.size() - 1) / 2.0) * Math.min(ASIDE, MOST_ASIDE / series.size());
            draw(svg, series.get(i), i, x -> right.place(x) + aside, up);
        }
        legend(svg);
        return svg.finish();
    }

    private void grid(Svg svg, Axis right, Axis up) {
        for (double tick : up.ticks()) {
            double y = up.place(tick);
            svg.line("grid", LEFT, y, WIDTH - RIGHT, y);
            svg.words(LEFT - 8, y + 4, "end", "soft", Axis.label(tick));
        }
        points().mapToDouble(Point::x).distinct().sorted().forEach(x -> {
            svg.line("grid", right.place(x), top, right.place(x), HEIGHT - BOTTOM);
            svg.words(right.place(x), HEIGHT - BOTTOM + 18, "middle", "soft", Axis.label(x));
        });
        svg.words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, "middle", "", across);
    }

    private void draw(Svg svg, Series line, int number, DoubleUnaryOperator right, Axis up) {
        String places = line.points().stream()
                .map(point -> Svg.number(right.applyAsDouble(point.x())) + ","
                        + Svg.number(up.place(point.y().value())))
                .collect(Collectors.joining(" "));
        svg.empty("polyline", "class", "line " + stroke(number), "points", places);
        for (Point point : line.points()) {
            double x = right.applyAsDouble(point.x());
            double low = up.place(point.y().low());
            double high = up.place(point.y().high());
            svg.open("g", "class", "point");
            svg.text("title", describe(line, point));
            svg.line("line " + stroke(number), x, low, x, high);
            svg.line("line " + stroke(number), x - 4, low, x + 4, low);
            svg.line("line " + stroke(number), x - 4, high, x + 4, high);
            mark(svg, number, x, up.place(point.y().value()));
            svg.close();
        }
    }

    /** Circle, square, triangle, in turn. */
    private static void mark(Svg svg, int number, double x, double y) {
        String colour = "fill" + number % STYLES;
        switch (number % 3) {
            case 0 -> svg.empty("circle", "class", colour, "cx", Svg.number(x), "cy", Svg.number(y), "r", "4.5");
            case 1 ->
                svg.empty(
                        "rect",
                        "class",
                        colour,
                        "x",
                        Svg.number(x - 4),
                        "y",
                        Svg.number(y - 4),
                        "width",
                        "8",
                        "height",
                        "8");
            default ->
                svg.empty(
                        "path",
                        "class",
                        colour,
                        "d",
                        "M" + Svg.number(x) + " " + Svg.number(y - 5.5) + "l5.5 9.5h-11z");
        }
    }

    private void legend(Svg svg) {
        double width = (WIDTH - LEFT - RIGHT) / LEGEND_COLUMNS;
        for (int i = 0; i < series.size(); i++) {
            int row = i / LEGEND_COLUMNS;
            int column = i % LEGEND_COLUMNS;
            double x = LEFT + column * width;
            double y = HEAD + row * LEGEND_ROW;
            svg.line("line " + stroke(i), x, y, x + 20, y);
            mark(svg, i, x + 10, y);
            svg.words(x + 26, y + 4, "start", "", series.get(i).name());
        }
    }

    private static String stroke(int number) {
        return "stroke" + number % STYLES + (number < STYLES ? "" : " dashed");
    }

    private Axis right() {
        double least = points().mapToDouble(Point::x).min().orElse(1);
        double most = points().mapToDouble(Point::x).max().orElse(1);
        return Axis.logarithmic(least, most, LEFT + 40, WIDTH - RIGHT - 40);
    }

    private Axis up() {
        double least = points().mapToDouble(point -> point.y().low())
                .filter(value -> value > 0)
                .min()
                .orElse(1);
        double most = points().mapToDouble(point -> point.y().high()).max().orElse(1);
        return most / least > LOGARITHMIC_FROM
                ? Axis.logarithmic(least, most, HEIGHT - BOTTOM, top)
                : Axis.linear(most * 1.05, HEIGHT - BOTTOM, top);
    }

    private Stream<Point> points() {
        return series.stream().flatMap(line -> line.points().stream());
    }

    private String describe() {
        return series.stream()
                .flatMap(line -> line.points().stream().map(point -> describe(line, point)))
                .collect(Collectors.joining("; ", unit + " against " + across + ". ", "."));
    }

    private String describe(Series line, Point point) {
        Figure y = point.y();
        return line.name() + " at " + Axis.label(point.x()) + ": " + Ratio.number(y.value()) + " " + unit + " ("
                + Ratio.number(y.low()) + " to " + Ratio.number(y.high()) + ")";
    }
}
