package dev.curfew.papers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.house.PageExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about standards shows what is compiled with the tests, line by line. */
class StandardsPageTest {
    @Test
    void each_block_of_code_stands_in_a_test_line_by_line() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/dev/curfew"))) {
            Path[] examples =
                    files.filter(file -> file.toString().endsWith(".java")).toArray(Path[]::new);
            PageExamples page = PageExamples.of(Path.of("../docs/standards.md"));

            assertThat(page.missingIn(examples)).isEmpty();
            assertThat(page.blocks()).anyMatch(block -> block.contains("BackChannelLogoutEndpoint.of("));
        }
    }
}
