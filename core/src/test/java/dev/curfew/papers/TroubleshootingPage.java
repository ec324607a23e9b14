package dev.curfew.papers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The messages that {@code docs/troubleshooting.md} quotes, beside those that one module really says: each that is
 * quoted must be said, and each that is said must be quoted. Confined to one thread.
 */
public final class TroubleshootingPage {
    private static final Path PAGE = Path.of("../docs/troubleshooting.md");
    private static final Pattern ROW = Pattern.compile("^\\| (core|jdbc|redis) \\| `([^`]+)` \\|.*");

    /** What stands on the page for whatever differs. */
    private static final Pattern GAP = Pattern.compile("…");

    private final Set<String> quoted;
    private final Map<String, Callable<?>> causes = new LinkedHashMap<>();

    private TroubleshootingPage(Set<String> quoted) {
        this.quoted = quoted;
    }

    /** The rows whose first column names the module. */
    public static TroubleshootingPage of(String module) throws IOException {
        return new TroubleshootingPage(Files.readString(PAGE)
                .lines()
                .map(ROW::matcher)
                .filter(row -> row.matches() && row.group(1).equals(module))
                .map(row -> row.group(2))
                .collect(Collectors.toCollection(LinkedHashSet::new)));
    }

    /** Adds something that a host can do wrong, with what is said then. */
    public TroubleshootingPage cause(String mistake, Callable<?> said) {
        causes.put(mistake, said);
        return this;
    }

    /** Does everything wrong, and answers what does not agree: nothing, if page and code do. */
    public List<String> differences() {
        Set<String> met = new LinkedHashSet<>();
        Stream<String> unquoted = causes.entrySet().stream().flatMap(cause -> {
            String said = said(cause.getValue());
            // Where several rows fit, the one that quotes most is meant.
            Optional<String> fitting =
                    quoted.stream().filter(text -> fits(text, said)).max(Comparator.comparingInt(String::length));
            fitting.ifPresent(met::add);
            return fitting.isPresent() ? Stream.empty() : Stream.of(cause.getKey() + ", not quoted: " + said);
        });
        List<String> differences = unquoted.collect(Collectors.toList());
        quoted.stream()
                .filter(text -> !met.contains(text))
                .map(text -> "quoted, and not said: " + text)
                .forEach(differences::add);
        return Collections.unmodifiableList(differences);
    }

    private static String said(Callable<?> cause) {
        try {
            return String.valueOf(cause.call());
        } catch (Exception e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean fits(String quoted, String said) {
        String pattern =
                Arrays.stream(GAP.split(quoted, -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(pattern, Pattern.DOTALL).matcher(said).matches();
    }
}
