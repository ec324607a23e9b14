package dev.curfew.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An example of a page is found where it is compiled, and only there. */
class PageExamplesTest {
    @TempDir
    Path folder;

    private PageExamples page(String... blocks) throws IOException {
        return PageExamples.of(Files.writeString(
                folder.resolve("page.md"),
                "# Page\n\n```java\n" + String.join("\n```\n\n```java\n", blocks) + "\n```\n"));
    }

    private Path source() throws IOException {
        return Files.writeString(folder.resolve("Source.java"), """
                class Source {
                    void first() {
                        call();

                        call();
                    }
                }
                """);
    }

    @Test
    void code_is_found_at_whatever_indentation() throws IOException {
        assertThat(page("void first() {\n    call();\n\n    call();\n}", "call();")
                        .missingIn(source()))
                .isEmpty();
    }

    @Test
    void what_is_changed_shortened_or_indented_otherwise_is_missing() throws IOException {
        String changed = "void first() {\n    call(1);";
        String shortened = "void first() {\n    call();\n}";
        String otherwise = "void first() {\n  call();";

        assertThat(page(changed, shortened, otherwise).missingIn(source())).hasSize(3);
    }

    @Test
    void blocks_of_other_languages_are_not_looked_at() throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), "```xml\n<a/>\n```\n```java\ncall();\n```\n");

        assertThat(PageExamples.of(page).blocks()).containsExactly("call();\n");
    }
}
