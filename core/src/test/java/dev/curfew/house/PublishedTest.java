package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is published says of itself what is true. */
class PublishedTest {
    private static final Path ROOT = Path.of("..");
    private static final List<String> MODULES = List.of("core", "store-jdbc", "store-redis");

    @Test
    void the_comparison_of_apis_leaves_out_the_packages_that_no_module_exports_and_no_other() {
        Set<String> internal = new TreeSet<>();
        for (String module : MODULES) {
            Path sources = ROOT.resolve(module).resolve("src/main/java");
            internal.addAll(packagesBelow(sources));
            internal.removeAll(found("exports ([\\w.]+);", read(sources.resolve("module-info.java"))));
        }
        String profile = between(read(ROOT.resolve("pom.xml")), "<id>api</id>", "</profile>");

        assertThat(found("<exclude>([\\w.]+)</exclude>", profile)).isEqualTo(internal);
    }

    @Test
    void the_bill_of_materials_has_the_version_of_the_parent_and_every_published_artifact() {
        String bom = read(ROOT.resolve("core/bom/pom.xml"));
        String parent = read(ROOT.resolve("pom.xml"));
        Set<String> published = new TreeSet<>();
        for (Path pom : poms()) {
            String text = read(pom);
            if (text.contains("<curfew.unpublished>false</curfew.unpublished>")) {
                published.addAll(found("</parent>\\s*<artifactId>([\\w-]+)</artifactId>", text));
            }
        }

        assertThat(found("<artifactId>curfew-bom</artifactId>\\s*<version>([\\w.-]+)</version>", bom))
                .isEqualTo(found("<artifactId>curfew-parent</artifactId>\\s*<version>([\\w.-]+)</version>", parent));
        assertThat(found("<artifactId>([\\w-]+)</artifactId>", between(bom, "<dependencies>", "</dependencies>")))
                .isEqualTo(published);
    }

    @Test
    void core_brings_three_libraries_and_no_other() {
        String dependencies = between(read(ROOT.resolve("core/pom.xml")), "<dependencies>", "</dependencies>");
        Set<String> brought = Pattern.compile("(?s)<dependency>(.*?)</dependency>")
                .matcher(dependencies)
                .results()
                .map(one -> one.group(1))
                .filter(one -> !one.contains("<scope>"))
                .flatMap(one -> found("<artifactId>([\\w-]+)</artifactId>", one).stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(brought).containsExactly("caffeine", "nimbus-jose-jwt", "slf4j-api");
    }

    /** A native image holds no resource that nobody has announced. */
    @ParameterizedTest
    @ValueSource(strings = {"core", "store-jdbc", "store-redis"})
    void every_resource_is_announced_to_native_images(String module) {
        Path resources = ROOT.resolve(module).resolve("src/main/resources");
        Path announced = resources
                .resolve("META-INF/native-image/dev.curfew/curfew-" + module)
                .resolve("resource-config.json");
        List<Pattern> patterns = found("\"pattern\": \"(.*)\"", read(announced)).stream()
                .map(text -> Pattern.compile(text.replace("\\\\", "\\")))
                .toList();
        List<String> files = filesBelow(resources).stream()
                .filter(file -> !file.startsWith("META-INF/"))
                .toList();

        assertThat(files)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(patterns)
                        .as("a pattern for %s", file)
                        .anyMatch(pattern -> pattern.matcher(file).matches()));
        assertThat(patterns)
                .allSatisfy(pattern -> assertThat(files)
                        .as("a file for %s", pattern)
                        .anyMatch(file -> pattern.matcher(file).matches()));
    }

    /** Else the list of resources would not be all that a native image has to be told. */
    @ParameterizedTest
    @ValueSource(strings = {"core", "store-jdbc", "store-redis"})
    void nothing_is_found_by_reflection(String module) {
        Pattern reflection = Pattern.compile("Class\\.forName|\\.getDeclared(Method|Field|Constructor)|"
                + "\\.getMethod\\(|\\.newInstance\\(|Proxy\\.newProxyInstance|ServiceLoader|ObjectInputStream|"
                + "ResourceBundle\\.getBundle\\(\\w");
        Path sources = ROOT.resolve(module).resolve("src/main/java");

        assertThat(filesBelow(sources))
                .allSatisfy(file -> assertThat(read(sources.resolve(file))).doesNotContainPattern(reflection));
    }

    private static Set<String> packagesBelow(Path sources) {
        return filesBelow(sources).stream()
                .filter(file -> file.contains("/"))
                .map(file -> file.substring(0, file.lastIndexOf('/')).replace('/', '.'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Path> poms() {
        try (Stream<Path> files = Files.find(ROOT, 4, (file, about) -> file.endsWith("pom.xml"))) {
            return files.filter(file -> !file.toString().contains("target")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> filesBelow(Path folder) {
        try (Stream<Path> files = Files.find(folder, 20, (file, about) -> about.isRegularFile())) {
            return files.map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> found(String regex, String text) {
        Matcher matcher = Pattern.compile(regex).matcher(text);
        return matcher.results().map((MatchResult one) -> one.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String between(String text, String from, String to) {
        int start = text.indexOf(from);
        assertThat(start).as(from).isNotNegative();
        return text.substring(start, text.indexOf(to, start));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
