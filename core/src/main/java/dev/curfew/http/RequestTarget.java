package dev.curfew.http;

import java.util.Optional;

/**
 * A request target as it was received, cut at its first question mark; nothing is decoded. Immutable.
 *
 * @param path what stands before the question mark
 * @param query what stands behind it; empty without one
 */
record RequestTarget(String path, String query) {
    static RequestTarget of(String target) {
        int question = target.indexOf('?');
        return question < 0
                ? new RequestTarget(target, "")
                : new RequestTarget(target.substring(0, question), target.substring(question + 1));
    }

    /**
     * The same as it is written below a context path, which is empty or begins with a slash and does not end with one;
     * nothing if it is not below.
     */
    Optional<RequestTarget> below(String contextPath) {
        return path.startsWith(contextPath + "/")
                ? Optional.of(new RequestTarget(path.substring(contextPath.length()), query))
                : Optional.empty();
    }
}
