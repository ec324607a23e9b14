package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The lines of the table, as they come in. Confined to one thread. */
final class Report {
    /** What does nothing of ours, and should take the same time throughout a run. */
    private static final String BASE = "base.";
    /** On a machine where nothing else runs, forks and batches of them differ by less. */
    private static final double QUIET_SPREAD = 1.5;

    private final List<Ratio> lines = new ArrayList<>();

    /** A figure that is compared with nothing. */
    void alone(String name, Figure figure, String unit) {
        lines.add(new Ratio(name, figure, unit, null, null, ""));
    }

    /** A value that was measured once, and is compared with nothing. */
    void alone(String name, double value, String unit) {
        alone(name, Figure.of(value), unit);
    }

    /** A cost, and how many times more the other costs. */
    void faster(String name, Figure figure, String unit, String against, Figure other) {
        lines.add(new Ratio(name, figure, unit, against, other.over(figure), Ratio.CHEAPER));
    }

    /** A cost, and how many times the other's it is. */
    void times(String name, Figure figure, String unit, String against, Figure other) {
        lines.add(new Ratio(name, figure, unit, against, figure.over(other), Ratio.TIMES));
    }

    /** What one call takes while several threads make them, and how many times as much they do as one thread. */
    void throughput(String name, Figure figure, String unit, int threads, Figure one) {
        lines.add(new Ratio(name, figure, unit, "one thread", one.over(figure).in(1.0 / threads), Ratio.THROUGHPUT));
    }

    List<String> names() {
        return lines.stream().map(Ratio::name).toList();
    }

    List<Ratio> lines() {
        return List.copyOf(lines);
    }

    /** The lines, and a sentence for each base whose time was not the same throughout. */
    void print(PrintStream out) {
        lines.forEach(line -> out.println(line.toLine()));
        lines.stream().filter(Report::isUnsteady).map(Report::warning).forEach(out::println);
    }

    private static boolean isUnsteady(Ratio line) {
        return line.name().startsWith(BASE) && line.figure().spread() > QUIET_SPREAD;
    }

    private static String warning(Ratio line) {
        return String.format(
                Locale.ROOT,
                "Something else was at work on this machine: %s took from %s to %s %s, %.1f times as long. Read the"
                        + " ranges, and not the figures.",
                line.name(),
                Ratio.number(line.figure().low()),
                Ratio.number(line.figure().high()),
                line.unit(),
                line.figure().spread());
    }

    void write(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Files.writeString(
                file, lines.stream().map(Ratio::toJson).collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
    }
}
