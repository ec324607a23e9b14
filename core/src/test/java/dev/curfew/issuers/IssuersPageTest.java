package dev.curfew.issuers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page about issuers shows the very policies that are compiled and tried out here. */
class IssuersPageTest {
    private static final Pattern METHOD = Pattern.compile("(?s)    static TokenPolicy \\w+\\(.*?\\n    }\\n");
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");

    @Test
    void the_page_shows_each_policy_as_it_is_compiled() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/curfew/issuers/IssuerPolicies.java"));
        String page = Files.readString(Path.of("../docs/issuers.md"));

        List<String> compiled = METHOD.matcher(source)
                .results()
                .map(MatchResult::group)
                .map(method -> method.replaceAll("(?m)^    ", ""))
                .toList();
        List<String> shown =
                BLOCK.matcher(page).results().map(block -> block.group(1)).toList();

        assertThat(compiled).hasSize(Issuer.values().length);
        assertThat(shown).isEqualTo(compiled);
    }
}
