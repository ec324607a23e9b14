package dev.curfew.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says in one short line why something failed, fit for a log: the innermost cause, which is what an operator can mend,
 * without what its message may quote.
 *
 * <p>Drivers put values into their messages, in quotes, in parentheses behind a column, or on further lines. Of a
 * message, only the first line is kept, without anything in quotes or such parentheses, and without any long run of
 * characters that may be a token, a hash or a key.
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
     * @return the simple name of its class, with what may be told of its message; if it has none, also the cause around
     *     it
     */
    public static String of(Throwable failure) {
        List<Throwable> causes = chain(failure);
        int innermost = causes.size() - 1;
        int told = innermost;
        while (told > 0 && safe(causes.get(told)).isEmpty()) {
            told--;
        }
        String message = safe(causes.get(told));
        String text = nameOf(causes.get(told)) + (message.isEmpty() ? "" : ": " + message);
        return told == innermost ? text : text + " (" + nameOf(causes.get(innermost)) + ")";
    }

    /** From the outside in, also where the causes go in a circle. */
    private static List<Throwable> chain(Throwable failure) {
        Set<Throwable> causes = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable at = failure; at != null && chain.size() < MAX_CAUSES && causes.add(at); at = at.getCause()) {
            chain.add(at);
        }
        return chain;
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
        return plain.length() <= MAX_LENGTH ? plain : plain.substring(0, cut(plain)) + "…";
    }

    /** No surrogate pair is cut in two. */
    private static int cut(String text) {
        return Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1)) ? MAX_LENGTH - 1 : MAX_LENGTH;
    }
}
