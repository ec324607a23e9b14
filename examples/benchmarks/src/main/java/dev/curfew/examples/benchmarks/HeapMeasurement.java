package dev.curfew.examples.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The heap that a live revocation takes, in programs with a heap of one gigabyte, against what one would write oneself.
 */
final class HeapMeasurement {
    private static final String HEAP = "-Xmx1g";

    private HeapMeasurement() {}

    static void run(Report report, boolean isFull) {
        Figure map = Figure.of(probe("map", 1_000_000)[0]);
        Figure caffeine = Figure.of(probe("caffeine", 1_000_000)[0]);
        double[] index = probe(isFull ? "growing" : "index", 10_000_000);
        report.faster("heap.10M", Figure.of(index[0]), "bytes", "ConcurrentHashMap<String, Long>", map);
        report.faster("heap.10M", Figure.of(index[0]), "bytes", "Caffeine cache", caffeine);
        if (isFull) {
            report.alone("heap.10M.mean", index[1], "bytes");
        }
        report.alone("heap.map", map, "bytes");
        report.alone("heap.caffeine", caffeine, "bytes");
    }

    /** Answers what the probe prints; it fails if the heap is too small. */
    static double[] probe(String what, long count) {
        try {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            HEAP,
                            "-cp",
                            System.getProperty("java.class.path"),
                            HeapProbe.class.getName(),
                            what,
                            Long.toString(count))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(count + " entries do not fit: " + what);
            }
            return Arrays.stream(printed.strip().split(" "))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
