package dev.curfew.examples.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page about databases shows the very code that is compiled and run here. */
final class MigrationsPageTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/curfew/examples/migrations");

    @Test
    void the_page_shows_both_classes_and_the_changelog_as_they_are() throws IOException {
        String page = Files.readString(Path.of("../../docs/databases.md"));

        assertThat(page)
                .contains("```java\n" + withoutImports("FlywayMigrations.java") + "```\n")
                .contains("```java\n" + withoutImports("LiquibaseMigrations.java") + "```\n")
                .contains("```xml\n" + Files.readString(Path.of("src/main/resources/curfew-changelog.xml")) + "```\n");
    }

    private static String withoutImports(String file) throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        return source.substring(source.indexOf("/** "));
    }
}
