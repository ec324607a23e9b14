package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Asks doclint for comments that are missing on the public API.
 *
 * <p>Not javadoc's own run: doclint 17 wants the parameters of a record again on its compact constructor.
 */
class DocumentedTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Pattern COMPACT_CONSTRUCTOR = Pattern.compile("\\s*(public|protected) \\w+ \\{.*");

    @Test
    void the_public_api_is_documented(@TempDir Path output) throws IOException {
        Set<Path> exported = Exports.packages().stream()
                .map(name -> SOURCES.resolve(name.replace('.', '/')))
                .collect(Collectors.toSet());

        assertThat(missingComments(javaFiles(SOURCES), output))
                .filteredOn(missing -> exported.contains(Path.of(missing).getParent()))
                .isEmpty();
    }

    @Test
    void the_test_kit_for_hosts_is_documented(@TempDir Path output) throws IOException {
        Path kit = Path.of("src", "test", "java", "dev", "curfew", "testkit");

        assertThat(missingComments(javaFiles(kit), output))
                .filteredOn(missing -> Path.of(missing).getParent().equals(kit))
                .filteredOn(missing -> !missing.contains("Test.java:"))
                .isEmpty();
    }

    @Test
    void a_missing_comment_is_caught(@TempDir Path output) throws IOException {
        Path sample = Files.writeString(output.resolve("Sample.java"), """
                /**
                 * A record.
                 *
                 * @param part a part
                 */
                public record Sample(String part) {
                    /** Checks the part. */
                    public Sample {}

                    public void undocumented() {}
                }
                """);

        assertThat(missingComments(List.of(sample), output))
                .singleElement()
                .asString()
                .contains("Sample.java:10: no comment");
    }

    private static List<String> missingComments(List<Path> sources, Path output) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(found, Locale.ROOT, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-Xdoclint:missing/protected",
                    "-Xmaxwarns",
                    "1000",
                    "-classpath",
                    System.getProperty("java.class.path"),
                    "-d",
                    output.toString());
            compiler.getTask(null, files, found, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
        }
        return found.getDiagnostics().stream()
                .filter(warning -> !isParameterOfCompactConstructor(warning))
                .map(DocumentedTest::describe)
                .toList();
    }

    private static boolean isParameterOfCompactConstructor(Diagnostic<? extends JavaFileObject> warning) {
        return warning.getMessage(Locale.ROOT).contains("no @param")
                && COMPACT_CONSTRUCTOR.matcher(line(warning)).matches();
    }

    private static String line(Diagnostic<? extends JavaFileObject> warning) {
        try {
            return warning.getSource()
                    .getCharContent(true)
                    .toString()
                    .lines()
                    .skip(warning.getLineNumber() - 1)
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String describe(Diagnostic<? extends JavaFileObject> warning) {
        String where =
                warning.getSource() == null ? "" : warning.getSource().getName() + ":" + warning.getLineNumber() + ": ";
        return where + warning.getMessage(Locale.ROOT);
    }

    private static List<Path> javaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.endsWith("module-info.java"))
                    .toList();
        }
    }
}
