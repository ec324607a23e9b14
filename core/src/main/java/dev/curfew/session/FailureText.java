package dev.curfew.session;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says in one short line why something failed, fit for a log: the innermost cause, which is what an operator can mend, without what its
 * message may quote.
 *
 * <p>Drivers put values into their messages, in quotes, in parentheses behind a column, or on further lines. Of a message, only the first
 * line is kept, without anything in quotes or such parentheses, and without any long run of characters that may be a token, a hash or a
 * key.
 */
public final class FailureText {
    private static final int MAX_LENGTH = 200;
    private static final int MAX_CAUSES = 50;

    /** In quotes; or as PostgreSQL shows a key: {@code (id)=(7)}. */
    private static final Pattern QUOTED =
            Pattern.compile("\"[^\"]*\"?|`[^`]*`?|(?<![\\p{L}\\p{N}])'[^']*'?|\\)=\\([^)]*\\)?");

    /** Long, and letters of both cases with digits, as tokens are; or long and hexadecimal. */
    private static final Pattern SECRET = Pattern.compile(
            "(?:\\\\x)?[0-9a-fA-F]{24,}|(?=[\\w+/=-]*[a-z])(?=[\\w+/=-]*[A-Z])(?=[\\w+/=-]*[0-9])[\\w+/=-]{20,}");

    private FailureText() {}

    /**
     * Describes the innermost cause of a failure.
     *
     * @param failure what was thrown
     * @return the simple name of its class, with what may be told of its message; if it has none, also the cause around it
     */
    public static String of(Throwable failure) {
        Throwable at = failure;
        Throwable told = failure;
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; at != null && i < MAX_CAUSES && seen.add(at); i++) {
            if (!safe(at).isEmpty()) {
                told = at;
            }
            if (at.getCause() == null) {
                break;
            }
            at = at.getCause();
        }
        Throwable innermost = at == null ? failure : at;
        String text = nameOf(told) + (safe(told).isEmpty() ? "" : ": " + safe(told));
        return innermost == told || !safe(innermost).isEmpty() ? text : text + " (" + nameOf(innermost) + ")";
    }

    private static String nameOf(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return name.isEmpty() ? failure.getClass().getName() : name;
    }

    private static String safe(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return "";
        }
        // Who wraps a failure repeats it with the name of its class; that is no message of its own.
        Throwable cause = failure.getCause();
        if (cause != null && message.equals(cause.toString())) {
            return "";
        }
        String line = message.lines().findFirst().orElse("");
        String told = SECRET.matcher(QUOTED.matcher(line).replaceAll("…")).replaceAll("…");
        String plain = told.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() <= MAX_LENGTH ? plain : plain.substring(0, MAX_LENGTH) + "…";
    }
}
