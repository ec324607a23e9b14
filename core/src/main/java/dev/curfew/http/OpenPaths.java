package dev.curfew.http;

import java.util.Set;

/**
 * What needs no caller, as it is written below the context path. Immutable.
 *
 * @param exact method, a space, and path
 * @param prefixes each ends with a slash; for reading
 */
record OpenPaths(Set<String> exact, Set<String> prefixes) {
    OpenPaths {
        exact = Set.copyOf(exact);
        prefixes = Set.copyOf(prefixes);
    }

    /** Whether everybody may send the request; who may read may ask for the head alone. */
    boolean isOpen(String method, String path) {
        if (!PlainPath.isPlain(path)) {
            return false;
        }
        String opened = method.equals("HEAD") ? "GET" : method;
        return exact.contains(entry(opened, path))
                || opened.equals("GET") && prefixes.stream().anyMatch(prefix -> isBelow(prefix, path));
    }

    static String entry(String method, String path) {
        return method + " " + path;
    }

    /** The folder itself is not: without its slash, it may be another resource. */
    private static boolean isBelow(String prefix, String path) {
        return path.length() > prefix.length() && path.startsWith(prefix);
    }
}
