package dev.curfew.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** That each figure stands beside its range, and that a busy machine is told. */
final class ReportTest {
    @Test
    void a_figure_is_the_median_of_its_samples_with_the_lowest_and_the_highest() {
        assertThat(Figure.median(5, 1, 3)).isEqualTo(new Figure(3, 1, 5, 3));
        assertThat(Figure.median(4, 1, 3, 2)).isEqualTo(new Figure(2.5, 1, 4, 4));
        assertThat(Figure.of(7)).isEqualTo(new Figure(7, 7, 7, 1));
        assertThat(Figure.median(7)).isEqualTo(Figure.of(7));
    }

    @Test
    void a_ratio_ranges_from_the_least_against_the_most_to_the_most_against_the_least() {
        assertThat(new Figure(10, 8, 12, 6).over(new Figure(2, 1, 4, 3))).isEqualTo(new Figure(5, 2, 12, 3));
    }

    @Test
    void durations_have_the_percentile_of_all_and_its_range_over_batches() {
        Durations durations = new Durations(1, 2, 1, 2, 1, 2, 1, 2, 9, 9);
        assertThat(durations.figure(50)).isEqualTo(new Figure(2, 1, 9, 5));
        assertThat(durations.figure(99)).isEqualTo(new Figure(9, 2, 9, 5));
        assertThat(new Durations(4, 2, 3).figure(50)).isEqualTo(new Figure(3, 2, 4, 3));
        assertThat(new Durations(4).figure(99)).isEqualTo(Figure.of(4));
    }

    @Test
    void no_percentile_is_outside_of_its_range() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            long[] nanos = random.longs(1 + random.nextInt(40), 0, 1 + random.nextInt(100))
                    .toArray();
            for (int percent : new int[] {1, 50, 90, 99, 100}) {
                Figure figure = new Durations(nanos).figure(percent);
                assertThat(figure.value()).as("seed %s", seed).isBetween(figure.low(), figure.high());
            }
        }
    }

    @Test
    void a_line_has_the_range_of_the_figure_and_of_the_ratio() {
        Ratio line = only(report ->
                report.faster("check", new Figure(100, 80, 125, 6), "ns", "EXISTS", new Figure(500, 500, 1_000, 5)));
        assertThat(line.toJson())
                .isEqualTo("{\"name\": \"check\", \"value\": 100, \"unit\": \"ns\", \"against\": \"EXISTS\","
                        + " \"ratio\": 5, \"low\": 80, \"high\": 125, \"samples\": 6, \"ratioLow\": 4,"
                        + " \"ratioHigh\": 12.5, \"meaning\": \"cheaper than\"}");
        assertThat(line.toLine().replaceAll(" +", " "))
                .isEqualTo("check 100 ns (80 to 125) 5 x (4 to 12.5) cheaper than EXISTS");
    }

    @Test
    void a_line_without_comparison_says_null() {
        assertThat(only(report -> report.alone("load", 1.5, "s")).toJson())
                .isEqualTo("{\"name\": \"load\", \"value\": 1.500, \"unit\": \"s\", \"against\": null,"
                        + " \"ratio\": null, \"low\": 1.500, \"high\": 1.500, \"samples\": 1, \"ratioLow\": null,"
                        + " \"ratioHigh\": null, \"meaning\": \"\"}");
    }

    @Test
    void what_was_measured_once_is_printed_without_a_range() {
        assertThat(only(report -> report.alone("heap", 19.25, "bytes")).toLine().replaceAll(" +", " "))
                .isEqualTo("heap 19.3 bytes");
    }

    @Test
    void threads_do_as_many_times_as_much_as_each_of_their_calls_takes_less() {
        Ratio line = only(
                report -> report.throughput("two", new Figure(125, 100, 200, 6), "ns", 2, new Figure(100, 90, 110, 6)));
        assertThat(line.ratio()).isEqualTo(new Figure(1.6, 0.9, 2.2, 6));
    }

    @Test
    void a_base_that_was_not_the_same_throughout_is_told_in_a_sentence() {
        assertThat(printed(report -> report.alone("base.cpu", new Figure(12, 10, 16, 5), "ms")))
                .endsWith("Something else was at work on this machine: base.cpu took from 10 to 16 ms, 1.6 times as"
                        + " long. Read the ranges, and not the figures.\n");
        assertThat(printed(report -> report.alone("base.cpu", new Figure(12, 10, 14, 5), "ms")))
                .doesNotContain("Something else");
        assertThat(printed(report -> report.alone("hint.redis.p99", new Figure(12, 1, 90, 5), "ms")))
                .doesNotContain("Something else");
    }

    @Test
    void a_machine_that_is_not_idle_at_the_beginning_is_told_in_a_sentence() {
        assertThat(printed(new Machine(1_000_000))).contains("its load was 1000000.0 when the run began");
        assertThat(printed(new Machine(0)))
                .contains(" cores, ", "JDK ", "transparent huge pages: ")
                .doesNotContain("when the run began");
    }

    @Test
    void the_pace_of_the_machine_is_taken_again_and_again() {
        Pace pace = new Pace();
        pace.take();
        int once = pace.figure().samples();
        pace.take();
        assertThat(pace.figure().samples()).isEqualTo(2 * once);
        assertThat(pace.figure().low()).isPositive();
    }

    private static Ratio only(Consumer<Report> measured) {
        Report report = new Report();
        measured.accept(report);
        return report.lines().get(0);
    }

    private static String printed(Consumer<Report> measured) {
        Report report = new Report();
        measured.accept(report);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String printed(Machine machine) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        machine.print(new PrintStream(out, true, StandardCharsets.UTF_8));
        return out.toString(StandardCharsets.UTF_8);
    }
}
