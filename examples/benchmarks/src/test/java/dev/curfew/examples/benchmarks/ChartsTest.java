package dev.curfew.examples.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** That the pictures are well-formed, and that every line of a run with something to show is in one of them. */
final class ChartsTest {
    @TempDir
    Path folder;

    @Test
    void what_was_written_is_read_again() throws Exception {
        Report report = sample();
        Path file = folder.resolve("target").resolve("ratios.json");
        report.write(file);
        assertThat(RatiosFile.read(file))
                .extracting(Ratio::toJson)
                .isEqualTo(report.lines().stream().map(Ratio::toJson).toList());
    }

    @Test
    void a_file_of_an_earlier_form_is_refused_by_the_line_and_the_field() throws Exception {
        Path file = folder.resolve("old.json");
        Files.writeString(file, "[{\"name\": \"load\", \"value\": 1.5, \"unit\": \"s\"}]");
        assertThatThrownBy(() -> RatiosFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("old.json")
                .hasMessageContaining("the line of load has no low");
        for (String text : List.of("", "{}", "[1]", "[", "null", "[null]")) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> RatiosFile.read(file))
                    .as(text)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("old.json");
        }
    }

    @Test
    void each_ratio_is_a_row_with_its_value_and_range() throws Exception {
        Document chart = parsed(Charts.draw(sample().lines()).get("cheaper"));
        assertThat(texts(chart, "text"))
                .contains("check.miss.1M, against EXISTS", "500×", "heap, against Map<String, Long>", "7.00×");
        assertThat(texts(chart, "title"))
                .contains("check.miss.1M, against EXISTS: 500× (320 to 833)")
                .contains("bearer.cold, against nimbus: 0.33× (0.30 to 0.40)");
        assertThat(ofClass(chart, "bar")).hasSize(4);
        assertThat(ofClass(chart, "range")).hasSize(4 * 3);
        assertThat(texts(chart, "desc").get(0)).contains("heap, against Map<String, Long>: 7.00×");
    }

    @Test
    void a_bar_begins_at_one_and_ends_at_the_ratio() throws Exception {
        Document chart = parsed(Charts.draw(sample().lines()).get("cheaper"));
        double one = number(ofClass(chart, "one").get(0), "x1");
        List<Element> bars = ofClass(chart, "bar");
        assertThat(number(bars.get(0), "x")).isEqualTo(one);
        assertThat(number(bars.get(1), "x"))
                .as("the rows of one part are together")
                .isEqualTo(one);
        Element below = bars.get(2);
        assertThat(number(below, "x") + number(below, "width")).isBetween(one - 0.11, one + 0.11);
        assertThat(number(bars.get(0), "width")).isLessThan(number(bars.get(1), "width"));
    }

    @Test
    void a_range_without_bound_ends_at_the_edge_and_is_read_again() throws Exception {
        Report report = new Report();
        report.times("odd", new Figure(2, 1, 3, 5), "ms", "what took no time once", new Figure(1, 0, 1, 5));
        Path file = folder.resolve("ratios.json");
        report.write(file);
        assertThat(RatiosFile.read(file)).isEqualTo(report.lines());
        Document chart = parsed(Charts.draw(RatiosFile.read(file)).get("cost"));
        for (Element range : ofClass(chart, "range")) {
            assertThat(number(range, "x2")).isBetween(0.0, 900.0);
        }
    }

    @Test
    void a_name_that_xml_forbids_breaks_no_picture() throws Exception {
        Report report = new Report();
        report.times("a\u0001\uD800\uFFFF]]><script>", Figure.of(2), "ms", "\u0000\u001B&", Figure.of(1));
        Document chart = parsed(Charts.draw(report.lines()).get("cost"));
        assertThat(texts(chart, "text")).contains("a???]]><script>, against ??&");
        assertThat(elements(chart, "script")).isEmpty();
    }

    @Test
    void a_range_that_begins_at_nothing_stays_inside_of_the_picture() throws Exception {
        Report report = new Report();
        report.times("propagation.p50", new Figure(1, 0, 3, 5), "ms", "pub/sub", Figure.of(1));
        Document chart = parsed(Charts.draw(report.lines()).get("cost"));
        for (Element range : ofClass(chart, "range")) {
            assertThat(number(range, "x1")).isBetween(0.0, 900.0);
            assertThat(number(range, "x2")).isBetween(0.0, 900.0);
        }
    }

    @Test
    void what_was_measured_at_several_sizes_is_a_line_with_every_point() throws Exception {
        Map<String, String> charts = Charts.draw(sample().lines());
        Document check = parsed(charts.get("growth-check"));
        assertThat(texts(check, "title"))
                .contains(
                        "miss at 10k: 90 ns (80 to 100)",
                        "miss at 1M: 100 ns (90 to 125)",
                        "hit at 1M: 170 ns (150 to 200)");
        assertThat(check.getElementsByTagName("polyline").getLength()).isEqualTo(2);
        assertThat(texts(check, "text")).contains("miss", "hit", "10k", "1M", "live revocations");

        Document nodes = parsed(charts.get("scale-propagation-p99"));
        assertThat(texts(nodes, "title"))
                .contains(
                        "postgres at 1: 10 ms (8 to 12)",
                        "postgres at 100: 40 ms (30 to 50)",
                        "redis at 1: 5 ms (4 to 6)");
        assertThat(ofClass(nodes, "point")).hasSize(3);
        Document rates = parsed(charts.get("scale-rate-propagation-p99"));
        assertThat(texts(rates, "title"))
                .contains("postgres.100 at 300: 20 ms (10 to 30)", "postgres.100 at 3000: 900 ms (10 to 2000)");
    }

    @Test
    void every_picture_can_be_read_without_seeing_it_and_asks_for_nothing_from_elsewhere() throws Exception {
        Map<String, String> charts = Charts.draw(sample().lines());
        assertThat(charts)
                .containsOnlyKeys(
                        "cheaper",
                        "cost",
                        "throughput",
                        "growth-check",
                        "scale-propagation-p99",
                        "scale-rate-propagation-p99");
        for (Map.Entry<String, String> chart : charts.entrySet()) {
            Element picture = parsed(chart.getValue()).getDocumentElement();
            assertThat(picture.getAttribute("role")).isEqualTo("img");
            assertThat(picture.getAttribute("aria-labelledby"))
                    .isEqualTo(chart.getKey() + "-title " + chart.getKey() + "-desc");
            assertThat(chart.getValue())
                    .contains("prefers-color-scheme: dark")
                    .doesNotContain("<script", "href", "url(", "NaN", "Infinity");
        }
    }

    @Test
    void the_same_file_gives_the_same_pictures() throws Exception {
        Path file = folder.resolve("ratios.json");
        sample().write(file);
        List<Path> drawn = Charts.draw(RatiosFile.read(file), folder.resolve("charts"));
        Map<String, String> charts = Charts.draw(RatiosFile.read(file));
        assertThat(drawn).hasSameSizeAs(charts.keySet());
        for (Path picture : drawn) {
            String name = picture.getFileName().toString().replace(".svg", "");
            assertThat(Files.readString(picture)).isEqualTo(charts.get(name));
        }
    }

    @Test
    void a_run_with_nothing_to_draw_draws_nothing() {
        Report report = new Report();
        report.alone("load.1M.postgres", 2, "s");
        assertThat(Charts.draw(report.lines())).isEmpty();
    }

    @Test
    void an_axis_has_few_round_ticks_inside_of_its_ends() {
        for (double most : new double[] {1.5, 3, 9, 40, 700, 12_345, 1e7, 1e12}) {
            for (Axis axis : List.of(Axis.logarithmic(0.8, most, 0, 100), Axis.linear(most, 0, 100))) {
                assertThat(axis.ticks()).as("up to %s", most).hasSizeBetween(1, 8);
                assertThat(axis.ticks()).allSatisfy(tick -> assertThat(tick).isBetween(0.0, most));
            }
        }
        assertThat(Axis.logarithmic(1, 100, 0, 100).place(10)).isEqualTo(50);
        assertThat(Axis.linear(200, 100, 0).place(50)).isEqualTo(75);
        assertThat(List.of(Axis.label(0.5), Axis.label(250), Axis.label(10_000), Axis.label(2_500_000)))
                .containsExactly("0.5", "250", "10k", "2.5M");
    }

    private static Report sample() {
        Report report = new Report();
        Figure exists = new Figure(50_000, 40_000, 75_000, 6);
        Figure one = new Figure(100, 90, 125, 6);
        report.faster("check.miss.10k", new Figure(90, 80, 100, 6), "ns", "EXISTS", Figure.of(900));
        report.faster("bearer.cold", Figure.of(30), "ns", "nimbus", new Figure(10, 9, 12, 3));
        report.faster("check.miss.1M", one, "ns", "EXISTS", exists);
        report.alone("check.hit.1M", new Figure(170, 150, 200, 6), "ns");
        report.faster("heap", Figure.of(20), "bytes", "Map<String, Long>", Figure.of(140));
        report.times("check.peer.\"odd\"", Figure.of(20), "ns", "R&D", Figure.of(10));
        report.throughput("check.threads2", Figure.of(125), "ns", 2, Figure.of(100));
        report.alone("scale.postgres.1.propagation_p99", new Figure(10, 8, 12, 5), "ms");
        report.alone("scale.postgres.100.propagation_p99", new Figure(40, 30, 50, 5), "ms");
        report.alone("scale.redis.1.propagation_p99", new Figure(5, 4, 6, 5), "ms");
        report.alone("scale.postgres.100.300.propagation_p99", new Figure(20, 10, 30, 5), "ms");
        report.alone("scale.postgres.100.3000.propagation_p99", new Figure(900, 10, 2_000, 5), "ms");
        return report;
    }

    private static Document parsed(String picture) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(picture.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> texts(Document picture, String element) {
        return elements(picture, element).stream().map(Element::getTextContent).toList();
    }

    private static List<Element> ofClass(Document picture, String name) {
        return elements(picture, "*").stream()
                .filter(element -> element.getAttribute("class").equals(name))
                .toList();
    }

    private static List<Element> elements(Document picture, String element) {
        NodeList found = picture.getElementsByTagName(element);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < found.getLength(); i++) {
            elements.add((Element) found.item(i));
        }
        return elements;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
