package dev.curfew.examples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.house.PageExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about tests shows code that is compiled and run here. */
class PageTest {
    private static final Path MODULE = Path.of("..", "testing");

    @Test
    void each_example_stands_in_a_test_or_in_what_it_tests() throws IOException {
        PageExamples page = PageExamples.of(Path.of("..", "..", "docs", "testing.md"));
        List<Path> sources = new ArrayList<>();
        try (Stream<Path> files = Files.walk(MODULE.resolve("src"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }

        assertThat(page.blocks()).hasSizeGreaterThan(10);
        assertThat(page.missingIn(sources.toArray(new Path[0]))).isEmpty();
    }
}
