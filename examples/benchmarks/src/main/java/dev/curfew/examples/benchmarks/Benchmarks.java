package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Where it starts. {@code quick} and {@code full} measure everything, print the table and draw it; the name of a part
 * measures that part in full; {@code charts ratios.json folder} draws a run again; anything else is handed to JMH, with
 * its usual options.
 */
public final class Benchmarks {
    private static final Path RATIOS = Path.of("target", "ratios.json");
    private static final Path CHARTS = Path.of("target", "charts");

    private Benchmarks() {}

    /** What can be measured by itself. */
    private enum Part {
        CHECK,
        BEARER,
        HEAP,
        LOAD,
        PROPAGATION,
        REVOKEALL,
        REFRESH,
        VERBS,
        COST,
        SESSION,
        STATUSLIST,
        SCALE,
        SIZES;

        /** All but what takes minutes to fill. */
        static Set<Part> usual() {
            return EnumSet.complementOf(EnumSet.of(SIZES));
        }
    }

    /**
     * Measures.
     *
     * @param arguments {@code quick}, {@code full} (or nothing), parts, {@code charts} with a file and a folder, or
     *     options of JMH
     * @throws IOException if the table or a chart cannot be written
     */
    public static void main(String[] arguments) throws IOException {
        List<String> words = List.of(arguments);
        if (words.equals(List.of("quick"))) {
            measure(Form.QUICK, Part.usual());
        } else if (words.isEmpty() || words.equals(List.of("full"))) {
            measure(Form.FULL, Part.usual());
        } else if (words.get(0).equals("quick") && areParts(words.subList(1, words.size()))) {
            measure(Form.QUICK, parts(words.subList(1, words.size())));
        } else if (words.size() == 3 && words.get(0).equals("charts")) {
            Charts.draw(RatiosFile.read(Path.of(words.get(1))), Path.of(words.get(2)))
                    .forEach(System.out::println);
        } else if (areParts(words)) {
            measure(Form.FULL, parts(words));
        } else {
            org.openjdk.jmh.Main.main(arguments);
        }
    }

    private static boolean areParts(List<String> words) {
        return words.stream()
                .allMatch(word -> Arrays.stream(Part.values())
                        .anyMatch(part -> part.name().toLowerCase(Locale.ROOT).equals(word)));
    }

    private static Set<Part> parts(List<String> words) {
        Set<Part> parts = EnumSet.noneOf(Part.class);
        words.forEach(word -> parts.add(Part.valueOf(word.toUpperCase(Locale.ROOT))));
        return parts;
    }

    private static void measure(Form form, Set<Part> parts) throws IOException {
        Report report = new Report();
        Machine machine = Machine.now();
        Pace pace = new Pace();
        MicroBenchmarks jmh = new MicroBenchmarks(form);
        long begin = System.nanoTime();
        for (Part part : parts) {
            System.err.printf(
                    "measuring: %s, after %d s%n",
                    part.name().toLowerCase(Locale.ROOT), TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
            pace.take();
            measure(form, part, report, jmh);
        }
        pace.take();
        System.err.printf("measured in %d s%n", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
        report.alone("base.cpu", pace.figure(), "ms");
        machine.report(report);
        machine.print(System.out);
        report.print(System.out);
        report.write(RATIOS);
        System.out.println(Charts.draw(RatiosFile.read(RATIOS), CHARTS).size() + " charts in " + CHARTS);
        // Drivers leave threads behind, and the servers end with the program.
        System.exit(0);
    }

    private static void measure(Form form, Part part, Report report, MicroBenchmarks jmh) {
        boolean isFull = form == Form.FULL;
        switch (part) {
            case CHECK -> CheckMeasurement.run(report, jmh, isFull);
            case BEARER -> BearerMeasurement.run(report, jmh, isFull);
            case HEAP -> HeapMeasurement.run(report, isFull);
            case LOAD -> {
                LoadMeasurement.run(report, 1_000_000, "1M", 3);
                if (isFull) {
                    LoadMeasurement.run(report, 10_000_000, "10M", 1);
                }
            }
            case PROPAGATION -> PropagationMeasurement.run(report, isFull ? 1_000 : 25);
            case SESSION -> SessionMeasurement.run(report, jmh);
            case STATUSLIST -> StatusListMeasurement.run(report, jmh, isFull ? 60 : 2);
            case SCALE ->
                ScaleMeasurement.run(report, isFull ? ScaleMeasurement.Form.FULL : ScaleMeasurement.Form.QUICK);
            case SIZES ->
                SizesMeasurement.run(report, isFull ? SizesMeasurement.Form.FULL : SizesMeasurement.Form.QUICK);
            case REFRESH -> RefreshMeasurement.run(report, isFull ? 5_000 : 1_000);
            case VERBS -> VerbMeasurement.run(report, isFull ? 5_000 : 3_000, isFull ? 30 : 10);
            case COST -> CostMeasurement.run(report, isFull ? 2_000 : 250, isFull ? 200_000 : 20_000);
            case REVOKEALL ->
                RevokeAllMeasurement.run(report, isFull ? new int[] {10, 1_000, 100_000} : new int[] {10, 1_000});
        }
    }
}
