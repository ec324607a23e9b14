package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The lines of the table, as they come in. Confined to one thread. */
final class Report {
    private final List<Ratio> lines = new ArrayList<>();

    /** A value that is compared with nothing. */
    void alone(String name, double value, String unit) {
        lines.add(new Ratio(name, value, unit, null, null, ""));
    }

    /** A cost, and how many times more the other costs. */
    void faster(String name, double value, String unit, String against, double other) {
        lines.add(new Ratio(name, value, unit, against, other / value, "cheaper than"));
    }

    /** A cost, and how many times the other's it is. */
    void times(String name, double value, String unit, String against, double other) {
        lines.add(new Ratio(name, value, unit, against, value / other, "that of"));
    }

    /** What was done by several threads, and how many times as much as by one. */
    void throughput(String name, double value, String unit, String against, double ratio) {
        lines.add(new Ratio(name, value, unit, against, ratio, "the throughput of"));
    }

    List<String> names() {
        return lines.stream().map(Ratio::name).toList();
    }

    void print(PrintStream out) {
        lines.forEach(line -> out.println(line.toLine()));
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
