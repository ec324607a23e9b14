package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The papers that say which test shows what name tests that exist. */
class NamedTestsTest {
    private static final Path REPOSITORY = Path.of("..");
    private static final String SOURCES = "src/test/java/dev/curfew/";
    private static final Pattern NAMED = Pattern.compile("`((?:[a-z]+\\.)*[A-Z][A-Za-z0-9]*(?:Test|Contract))`");
    private static final Pattern RUN = Pattern.compile("-Dtest=([A-Za-z]+Test)");

    @ParameterizedTest
    @ValueSource(strings = {"threats.md", "asvs.md"})
    void each_test_that_a_paper_names_by_its_package_exists(String paper) throws IOException {
        Set<String> named = names(NAMED, read(paper));

        assertThat(named).hasSizeGreaterThan(25);
        assertThat(missing(named, tests())).isEmpty();
    }

    @Test
    void each_test_that_the_page_about_operating_names_or_runs_exists() throws IOException {
        Set<String> simple = tests().stream()
                .map(name -> name.substring(name.lastIndexOf('.') + 1))
                .collect(Collectors.toSet());
        Set<String> named = names(NAMED, read("operating.md"));
        named.addAll(names(RUN, read("operating.md")));

        assertThat(named).hasSizeGreaterThan(10).contains("FiguresTest");
        assertThat(missing(named, simple)).isEmpty();
    }

    @Test
    void a_test_that_does_not_exist_is_caught() throws IOException {
        assertThat(missing(names(NAMED, "`http.CrossSiteTest`, `http.NoSuchTest`, `NoSuchContract`"), tests()))
                .containsExactly("NoSuchContract", "http.NoSuchTest");
    }

    private static String read(String paper) throws IOException {
        return Files.readString(REPOSITORY.resolve("docs").resolve(paper));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> missing(Set<String> named, Set<String> known) {
        return named.stream().filter(name -> !known.contains(name)).toList();
    }

    /** The classes of the tests of the published modules, by their names below {@code dev.curfew}. */
    private static Set<String> tests() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (String module : List.of("core", "store-jdbc", "store-redis")) {
            Path sources = REPOSITORY.resolve(module).resolve(SOURCES);
            try (Stream<Path> files = Files.walk(sources)) {
                files.map(file -> sources.relativize(file).toString().replace('\\', '/'))
                        .filter(file -> file.endsWith("Test.java") || file.endsWith("Contract.java"))
                        .map(file -> file.substring(0, file.length() - ".java".length())
                                .replace('/', '.'))
                        .forEach(tests::add);
            }
        }
        return tests;
    }
}
