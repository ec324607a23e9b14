package dev.curfew.spring;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The page {@code docs/spring.md}: its sections, and the blocks of code in them. */
final class SpringPage {
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\n(.*?)^```$");

    private SpringPage() {}

    static String text() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/spring.md"))) {
            folder = folder.getParent();
        }
        try {
            return Files.readString(folder.resolve("docs/spring.md"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String section(String title) {
        String text = text();
        int begin = text.indexOf("\n## " + title + "\n");
        if (begin < 0) {
            throw new IllegalStateException("no section " + title);
        }
        int end = text.indexOf("\n## ", begin + 1);
        return text.substring(begin, end < 0 ? text.length() : end);
    }

    static List<String> blocks(String text, String language) {
        return BLOCK.matcher(text)
                .results()
                .filter(block -> block.group(1).equals(language))
                .map((MatchResult block) -> block.group(2))
                .toList();
    }

    static Map<String, Object> properties(String block) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(block));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, Object> map = new HashMap<>();
        properties.forEach((name, value) -> map.put((String) name, value));
        return map;
    }
}
