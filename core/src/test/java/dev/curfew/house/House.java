package dev.curfew.house;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The rule of the house: which package may use which, and what each may use from outside. */
final class House {
    private static final String ROOT = "dev.curfew";

    /** From top to bottom: a room uses only rooms below it. */
    static final List<String> ROOMS = List.of(
            ROOT + ".oauth",
            ROOT + ".oidc",
            ROOT + ".ssf",
            ROOT + ".status",
            ROOT + ".endpoint",
            ROOT + ".client",
            ROOT + ".deliver",
            ROOT + ".http",
            ROOT,
            ROOT + ".node",
            ROOT + ".activity",
            ROOT + ".admin",
            ROOT + ".upstream",
            ROOT + ".credential",
            ROOT + ".watch",
            ROOT + ".quota",
            ROOT + ".ended",
            ROOT + ".replica",
            ROOT + ".check",
            ROOT + ".memory",
            ROOT + ".metered",
            ROOT + ".lease",
            ROOT + ".token",
            ROOT + ".jose",
            ROOT + ".atrest",
            ROOT + ".subject",
            ROOT + ".store",
            ROOT + ".audit",
            ROOT + ".suspicion",
            ROOT + ".event",
            ROOT + ".refresh",
            ROOT + ".crypto",
            ROOT + ".ratelimit",
            ROOT + ".meter",
            ROOT + ".work",
            ROOT + ".revocation",
            ROOT + ".session");

    private static final Set<String> PURE = Set.of(ROOT + ".revocation", ROOT + ".session");

    /** What lies outside java.base, by the first part of its packages, with the rooms that may use it. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "org.jspecify", Set.copyOf(ROOMS),
            "org.slf4j", without(PURE),
            "java.net.http", Set.of(ROOT + ".jose", ROOT + ".deliver"),
            "com.nimbusds", Set.of(ROOT + ".jose", ROOT + ".crypto"),
            "com.github.benmanes.caffeine",
                    Set.of(ROOT + ".memory", ROOT + ".check", ROOT + ".credential", ROOT + ".quota", ROOT + ".token"));

    private static final Set<String> JAVA_BASE = Object.class.getModule().getPackages();

    private House() {}

    /** Returns every breach of the rule as a sentence, none when the house is in order. */
    static List<String> faults(Collection<Edge> edges) {
        Stream<String> single = edges.stream().map(House::fault).flatMap(Optional::stream);
        return Stream.concat(single, cycle(edges).stream()).sorted().toList();
    }

    private static Optional<String> fault(Edge edge) {
        String from = edge.fromPackage();
        String to = edge.toPackage();
        if (!ROOMS.contains(from)) {
            return Optional.of("unknown package " + from + ": " + edge);
        }
        if (isOurs(to)) {
            return ownFault(from, to, edge);
        }
        return isAllowedOutside(from, to)
                ? Optional.empty()
                : Optional.of(to + " may not be used in " + from + ": " + edge);
    }

    private static Optional<String> ownFault(String from, String to, Edge edge) {
        if (!ROOMS.contains(to)) {
            return Optional.of("unknown package " + to + ": " + edge);
        }
        return ROOMS.indexOf(to) < ROOMS.indexOf(from) ? Optional.of("upward arrow: " + edge) : Optional.empty();
    }

    private static boolean isAllowedOutside(String from, String to) {
        if (JAVA_BASE.contains(to)) {
            return isIn(to, "java") || isIn(to, "javax");
        }
        return LIBRARIES.entrySet().stream()
                .anyMatch(library ->
                        isIn(to, library.getKey()) && library.getValue().contains(from));
    }

    /** Finds one cycle of packages by taking away, again and again, the packages that use no other. */
    private static Optional<String> cycle(Collection<Edge> edges) {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (Edge edge : edges) {
            if (isOurs(edge.toPackage()) && !edge.fromPackage().equals(edge.toPackage())) {
                uses.computeIfAbsent(edge.fromPackage(), none -> new TreeSet<>())
                        .add(edge.toPackage());
            }
        }
        while (uses.values().removeIf(targets -> targets.stream().noneMatch(uses::containsKey))) {
            // each round may free others
        }
        return uses.isEmpty() ? Optional.empty() : Optional.of("cycle: " + walk(uses));
    }

    /** Follows packages that all use one another until one comes up twice. */
    private static String walk(Map<String, Set<String>> uses) {
        Deque<String> path = new ArrayDeque<>();
        String at = uses.keySet().iterator().next();
        while (!path.contains(at)) {
            path.addLast(at);
            at = uses.get(at).stream().filter(uses::containsKey).findFirst().orElseThrow();
        }
        while (!path.getFirst().equals(at)) {
            path.removeFirst();
        }
        path.addLast(at);
        return String.join(" -> ", path);
    }

    private static boolean isOurs(String packageName) {
        return isIn(packageName, ROOT);
    }

    private static boolean isIn(String packageName, String prefix) {
        return packageName.equals(prefix) || packageName.startsWith(prefix + ".");
    }

    private static Set<String> without(Set<String> excluded) {
        Set<String> rest = new TreeSet<>(ROOMS);
        rest.removeAll(excluded);
        return Set.copyOf(rest);
    }
}
