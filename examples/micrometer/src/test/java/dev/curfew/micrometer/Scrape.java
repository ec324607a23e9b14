package dev.curfew.micrometer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Prometheus server reads from a node: the values of each label of each metric. Immutable. */
record Scrape(Map<String, Map<String, Set<String>>> metrics) {
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    static Scrape of(String text) {
        Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
        for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new AssertionError("no line of a scrape: " + line);
            }
            Map<String, Set<String>> labels = metrics.computeIfAbsent(matcher.group(1), name -> new LinkedHashMap<>());
            String rest = matcher.group(2) == null ? "" : matcher.group(2);
            LABEL.matcher(rest)
                    .results()
                    .forEach(label -> labels.computeIfAbsent(label.group(1), name -> new TreeSet<>())
                            .add(label.group(2)));
        }
        return new Scrape(metrics);
    }

    Set<String> names() {
        return metrics.keySet();
    }

    Map<String, Set<String>> labelsOf(String name) {
        return metrics.get(name);
    }
}
