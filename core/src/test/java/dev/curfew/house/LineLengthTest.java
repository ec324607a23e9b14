package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The formatter breaks code and leaves comments, texts and prose as wide as they are; nobody reads beyond 120 columns.
 */
class LineLengthTest {
    private static final int WIDEST = 120;
    private static final Path REPOSITORY = Path.of("..");
    private static final Set<String> KINDS = Set.of("java", "lua", "md", "properties", "sql");
    private static final Set<String> NOT_OURS = Set.of("target", ".git");

    /** Data that tests read, such as the names that browsers give themselves. */
    private static final Path TEST_DATA = Path.of("src", "test", "resources");

    @Test
    void no_line_is_wider_than_the_screen() throws IOException {
        List<Path> sources = sources(REPOSITORY);

        assertThat(sources).as("sources of all modules").hasSizeGreaterThan(500);
        assertThat(sources.stream().flatMap(LineLengthTest::wideLines)).isEmpty();
    }

    @Test
    void a_wide_line_is_caught(@TempDir Path folder) throws IOException {
        Path source = folder.resolve("Sample.java");
        Files.writeString(source, "// fits\n// " + "x".repeat(WIDEST) + "\n| " + "x".repeat(WIDEST) + " |\n");

        assertThat(wideLines(source)).hasSize(2).first().asString().endsWith("Sample.java:2");
    }

    @Test
    void a_wide_table_is_forgiven_in_prose(@TempDir Path folder) throws IOException {
        Path prose = folder.resolve("page.md");
        Files.writeString(prose, "x".repeat(WIDEST + 1) + "\n| " + "x".repeat(WIDEST) + " |\n");

        assertThat(wideLines(prose)).singleElement().asString().endsWith("page.md:1");
    }

    private static Stream<String> wideLines(Path source) {
        List<String> lines;
        try {
            lines = Files.readAllLines(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        // A row of a table is one line in Markdown, however long its cells are.
        boolean isProse = kind(source).equals("md");
        return IntStream.range(0, lines.size())
                .filter(i -> lines.get(i).length() > WIDEST)
                .filter(i -> !isProse || !lines.get(i).startsWith("|"))
                .mapToObj(i -> source + ":" + (i + 1));
    }

    private static List<Path> sources(Path root) throws IOException {
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(folder.getFileName().toString()) || folder.endsWith(TEST_DATA)
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (KINDS.contains(kind(file))) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static String kind(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }
}
