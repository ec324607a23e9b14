package dev.curfew.micrometer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query as a list of words, looked at strictly: brackets are in pairs, and every name is a function that we use, or
 * that of a metric or a label in the scrape. It is no parser of PromQL; {@code promtool} is, where it is installed.
 */
final class PromQl {
    private static final Pattern WORD =
            Pattern.compile("\\s*(?:(\"(?:[^\"\\\\]|\\\\.)*\")|([0-9]+(?:\\.[0-9]+)?[smhdw]?)"
                    + "|(\\$[a-z_]+)|([a-zA-Z_][a-zA-Z0-9_]*)|(=~|!~|==|!=|>=|<=|[-+*/(){}\\[\\],=<>]))\\s*");
    private static final Set<String> FUNCTIONS = Set.of("sum", "max", "min", "rate", "increase", "abs", "label_values");
    private static final Set<String> OPERATORS = Set.of("or", "unless", "and");
    /** Added by Prometheus, which knows where it scraped. */
    private static final Set<String> OF_THE_TARGET = Set.of("job", "instance");

    private static final Map<String, String> PAIRS = Map.of(")", "(", "}", "{", "]", "[");

    private final String query;
    private final List<String> words = new ArrayList<>();
    private final Set<String> metrics = new HashSet<>();

    private PromQl(String query) {
        this.query = query;
        Matcher matcher = WORD.matcher(query);
        int at = 0;
        while (at < query.length()) {
            if (!matcher.find(at) || matcher.start() != at) {
                throw new AssertionError("cannot read on at " + query.substring(at));
            }
            words.add(matcher.group().strip());
            at = matcher.end();
        }
    }

    /** The metrics that a query names. */
    static Set<String> metricsOf(String query, Scrape scrape) {
        PromQl read = new PromQl(query);
        read.requireBrackets();
        read.requireNames(scrape);
        if (read.metrics.isEmpty()) {
            throw read.wrong("no metric is named");
        }
        return read.metrics;
    }

    private void requireBrackets() {
        Deque<String> open = new ArrayDeque<>();
        for (String word : words) {
            if (PAIRS.containsValue(word)) {
                open.push(word);
            } else if (PAIRS.containsKey(word) && (open.isEmpty() || !open.pop().equals(PAIRS.get(word)))) {
                throw wrong("a bracket is closed that is not open");
            }
        }
        if (!open.isEmpty()) {
            throw wrong("a bracket is open");
        }
    }

    private void requireNames(Scrape scrape) {
        Set<String> labels = new HashSet<>();
        List<String> grouped = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("by")) {
                i = list(i + 1, grouped);
            } else if (FUNCTIONS.contains(word)) {
                if (!next(i).equals("(") && !next(i).equals("by")) {
                    throw wrong(word + " is called with nothing");
                }
            } else if (word.matches("[a-zA-Z_].*") && !OPERATORS.contains(word)) {
                if (!scrape.names().contains(word)) {
                    if (words.contains("label_values") && OF_THE_TARGET.contains(word)) {
                        continue;
                    }
                    throw wrong(word + " is not exported");
                }
                metrics.add(word);
                labels.addAll(scrape.labelsOf(word).keySet());
                if (next(i).equals("{")) {
                    i = matchers(i + 2, word, scrape.labelsOf(word));
                }
            }
        }
        for (String label : grouped) {
            if (!labels.contains(label) && !OF_THE_TARGET.contains(label)) {
                throw wrong("no metric of it has the label " + label);
            }
        }
    }

    /** The place of the closing bracket. */
    private int list(int from, List<String> names) {
        int i = from + 1;
        for (; !words.get(i).equals(")"); i++) {
            if (!words.get(i).equals(",")) {
                names.add(words.get(i));
            }
        }
        return i;
    }

    /** The place of the closing bracket. */
    private int matchers(int from, String metric, Map<String, Set<String>> labels) {
        int i = from;
        while (true) {
            String label = words.get(i);
            String value = words.get(i + 2);
            if (!words.get(i + 1).matches("=|=~") || !value.startsWith("\"")) {
                throw wrong("no matcher at " + label);
            }
            if (!OF_THE_TARGET.contains(label)) {
                Set<String> known = labels.getOrDefault(label, Set.of());
                if (!known.contains(value.substring(1, value.length() - 1))) {
                    throw wrong(metric + " has no " + label + "=" + value + ", but " + labels);
                }
            }
            if (words.get(i + 3).equals("}")) {
                return i + 3;
            }
            if (!words.get(i + 3).equals(",")) {
                throw wrong("no comma behind " + value);
            }
            i += 4;
        }
    }

    private String next(int i) {
        return i + 1 < words.size() ? words.get(i + 1) : "";
    }

    private AssertionError wrong(String why) {
        return new AssertionError(why + ": " + query);
    }

    /** What the tests of this class look at. */
    static Map<String, String> mistakes() {
        Map<String, String> mistakes = new HashMap<>();
        mistakes.put("sum(rate(curfew_checks_total[5m])", "a bracket is open");
        mistakes.put("sum(curfew_checks_total])", "closed");
        mistakes.put("sum(rate(curfew_check_total[5m]))", "not exported");
        mistakes.put("summ(curfew_checks_total)", "not exported");
        mistakes.put("sum by (reason) (curfew_checks_total)", "label reason");
        mistakes.put("curfew_checks_total{outcome=\"unknwon\"}", "unknwon");
        mistakes.put("curfew_checks_total{result=\"unknown\"}", "result");
        mistakes.put("curfew_checks_total{outcome==\"unknown\"}", "no matcher");
        mistakes.put("sum by (job)", "no metric");
        mistakes.put("rate curfew_checks_total", "called with nothing");
        mistakes.put("curfew_checks_total § 1", "cannot read on");
        return mistakes;
    }
}
