package dev.curfew.examples.benchmarks;

import dev.curfew.examples.benchmarks.LineChart.Point;
import dev.curfew.examples.benchmarks.LineChart.Series;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which pictures are drawn of a run; the same lines give the same bytes. */
final class Charts {
    private static final List<Growth> GROWTHS = List.of(
            new Growth(
                    "growth-check",
                    "A check, as revocations grow",
                    "live revocations",
                    "check\\.(?<series>miss|hit)\\.(?<x>\\d+[kM]?)"),
            new Growth(
                    "growth-load",
                    "Start of a node, as revocations grow",
                    "live revocations",
                    "load\\.(?<x>\\d+[kM]?)\\.(?<series>\\w+)"),
            new Growth(
                    "growth-revokeall",
                    "End of all sessions of somebody, as they grow",
                    "sessions",
                    "revokeall\\.(?<x>\\d+)\\.(?<series>\\w+)"),
            new Growth(
                    "scale-%s", "%s, as nodes grow", "nodes", "scale\\.(?<series>\\w+)\\.(?<x>\\d+)\\.(?<figure>\\w+)"),
            new Growth(
                    "scale-rate-%s",
                    "%s, as the rate of revocations grows",
                    "revocations a second",
                    "scale\\.(?<series>\\w+\\.\\d+)\\.(?<x>\\d+)\\.(?<figure>\\w+)"));

    private Charts() {}

    /** Writes the pictures into a folder, which is made if it is missing; answers their files. */
    static List<Path> draw(List<Ratio> lines, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> files = new ArrayList<>();
        for (Map.Entry<String, String> picture : draw(lines).entrySet()) {
            files.add(Files.writeString(folder.resolve(picture.getKey() + ".svg"), picture.getValue()));
        }
        return files;
    }

    /** The pictures by name: ratios by their meaning, and what was measured at more than one size. */
    static Map<String, String> draw(List<Ratio> lines) {
        Map<String, String> pictures = new LinkedHashMap<>();
        bars(pictures, lines, "cheaper", "How many times cheaper", "To the right: ours is cheaper.", Ratio.CHEAPER);
        bars(pictures, lines, "cost", "How many times the cost", "To the right: it is dearer.", Ratio.TIMES);
        bars(
                pictures,
                lines,
                "throughput",
                "Several threads",
                "To the right: more is done than by one.",
                Ratio.THROUGHPUT);
        GROWTHS.forEach(growth -> growth.draw(pictures, lines));
        return pictures;
    }

    private static void bars(
            Map<String, String> pictures,
            List<Ratio> lines,
            String id,
            String title,
            String explanation,
            String meaning) {
        List<Ratio> rows = lines.stream()
                .filter(line -> line.ratio() != null && line.meaning().equals(meaning))
                .toList();
        if (!rows.isEmpty()) {
            pictures.put(id, new BarChart(id, title, explanation, rows).draw());
        }
    }

    /**
     * What is measured at several sizes.
     *
     * @param name of its lines, with the groups {@code x}, {@code series}, and {@code figure} if each figure has a
     *     picture of its own
     */
    private record Growth(String id, String title, String across, String name) {
        void draw(Map<String, String> pictures, List<Ratio> lines) {
            Pattern pattern = Pattern.compile(name);
            Map<String, List<Ratio>> byFigure = new LinkedHashMap<>();
            for (Ratio line : lines) {
                Matcher matcher = pattern.matcher(line.name());
                if (matcher.matches()) {
                    String figure = id.contains("%s") ? matcher.group("figure") : "";
                    byFigure.computeIfAbsent(figure, none -> new ArrayList<>()).add(line);
                }
            }
            byFigure.forEach((figure, its) -> {
                List<Series> series = series(pattern, its);
                if (series.stream().anyMatch(line -> line.points().size() > 1)) {
                    String file = String.format(id, figure).replace('_', '-');
                    String head = String.format(title, figure.replace('_', ' '));
                    pictures.put(
                            file, new LineChart(file, head, across, its.get(0).unit(), series).draw());
                }
            });
        }

        /** A figure that stands in several lines, against one thing and another, is one point. */
        private static List<Series> series(Pattern pattern, List<Ratio> lines) {
            Map<String, TreeMap<Double, Point>> points = new LinkedHashMap<>();
            for (Ratio line : lines) {
                Matcher matcher = pattern.matcher(line.name());
                if (matcher.matches()) {
                    double x = size(matcher.group("x"));
                    points.computeIfAbsent(matcher.group("series"), none -> new TreeMap<>(Comparator.naturalOrder()))
                            .put(x, new Point(x, line.figure()));
                }
            }
            return points.entrySet().stream()
                    .map(entry -> new Series(
                            entry.getKey(), List.copyOf(entry.getValue().values())))
                    .toList();
        }

        private static double size(String text) {
            double digits = Double.parseDouble(text.replaceAll("[kM]", ""));
            return text.endsWith("M") ? digits * 1e6 : text.endsWith("k") ? digits * 1e3 : digits;
        }
    }
}
