package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.house.PageExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about hosts shows the glue as it stands in the examples, each of which is compiled and passes the suite. */
class HostsPageTest {
    private static final Path PAGE = Path.of("../docs/hosts.md");
    private static final Path EXAMPLES = Path.of("../examples");

    private static final List<String> HOSTS = List.of("servlet", "javalin", "jaxrs", "vertx", "quarkus", "server");

    @Test
    void each_block_of_code_stands_in_an_example_line_by_line() throws IOException {
        PageExamples page = PageExamples.of(PAGE);

        assertThat(page.blocks()).hasSizeGreaterThan(HOSTS.size());
        assertThat(page.missingIn(sources())).isEmpty();
    }

    @Test
    void the_versions_that_are_named_are_those_that_run() throws IOException {
        assertThat(Files.readString(PAGE))
                .contains("Jetty " + version("servlet", "jetty"))
                .contains("| " + version("javalin", "javalin") + " |")
                .contains("Jersey " + version("jaxrs", "jersey") + " in Jetty " + version("jaxrs", "jetty"))
                .contains("| " + version("vertx", "vertx") + " |")
                .contains("| " + version("quarkus", "quarkus") + ", on the JVM |");
    }

    private static Path[] sources() throws IOException {
        Stream.Builder<Path> found = Stream.builder();
        for (String host : HOSTS) {
            try (Stream<Path> files = Files.walk(EXAMPLES.resolve(host).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(found);
            }
        }
        return found.build().toArray(Path[]::new);
    }

    private static String version(String module, String library) throws IOException {
        String pom = Files.readString(EXAMPLES.resolve(module).resolve("pom.xml"));
        String start = "<version." + library + ">";
        int begin = pom.indexOf(start) + start.length();
        assertThat(begin).as("%s of %s", start, module).isGreaterThanOrEqualTo(start.length());
        return pom.substring(begin, pom.indexOf('<', begin));
    }
}
