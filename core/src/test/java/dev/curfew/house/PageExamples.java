package dev.curfew.house;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The Java examples of a page of the documents, which a test compares with code that is compiled and run. Immutable.
 */
public final class PageExamples {
    private static final Pattern BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");

    private final List<String> blocks;

    private PageExamples(List<String> blocks) {
        this.blocks = List.copyOf(blocks);
    }

    /** The examples of a page. */
    public static PageExamples of(Path page) throws IOException {
        return new PageExamples(BLOCK.matcher(Files.readString(page))
                .results()
                .map(block -> block.group(1))
                .toList());
    }

    /** {@return all of them, in their order} */
    public List<String> blocks() {
        return blocks;
    }

    /** {@return those that stand in none of these files, line by line and as a whole, wherever the code is indented} */
    public List<String> missingIn(Path... sources) throws IOException {
        List<List<String>> files = new ArrayList<>();
        for (Path source : sources) {
            files.add(Files.readAllLines(source));
        }
        return blocks.stream()
                .filter(block ->
                        files.stream().noneMatch(file -> stands(block.lines().toList(), file)))
                .toList();
    }

    private static boolean stands(List<String> block, List<String> file) {
        for (int at = 0; at + block.size() <= file.size(); at++) {
            if (standsAt(at, block, file)) {
                return true;
            }
        }
        return false;
    }

    private static boolean standsAt(int at, List<String> block, List<String> file) {
        String first = file.get(at);
        if (block.isEmpty() || !first.endsWith(block.get(0))) {
            return false;
        }
        String indent = first.substring(0, first.length() - block.get(0).length());
        if (!indent.isBlank()) {
            return false;
        }
        for (int i = 0; i < block.size(); i++) {
            String line = block.get(i);
            if (!file.get(at + i).equals(line.isEmpty() ? "" : indent + line)) {
                return false;
            }
        }
        return true;
    }
}
