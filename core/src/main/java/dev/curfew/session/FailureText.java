package dev.curfew.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Says in one short line why something failed, fit for a log: the innermost cause, which is what an operator can mend,
 * without what its message may quote. Where Curfew has found a mistake that no waiting mends, its own sentence, which
 * says what to do, comes first.
 *
 * <p>Drivers put values into their messages, in quotes, in parentheses behind a column, or on further lines. Of a
 * message, only the first line is kept, without anything in quotes or such parentheses, without what of an address may
 * be a password, and without any long run of characters that may be a token, a hash or a key.
 */
public final class FailureText {
    private static final int MAX_LENGTH = 240;

    /** Of our own sentences, which say what to do. */
    private static final int MAX_OWN_LENGTH = 500;

    private static final int MAX_CAUSES = 50;

    /** In quotes; or as PostgreSQL shows a key: {@code (id)=(7)}. */
    private static final Pattern QUOTED =
            Pattern.compile("\"[^\"]*\"?|`[^`]*`?|(?<![\\p{L}\\p{N}])'[^']*'?|\\)=\\([^)]*\\)?");

    /** Long, and letters of both cases with digits, as tokens are; or long and hexadecimal. */
    private static final Pattern SECRET = Pattern.compile(
            "(?:\\\\x)?[0-9a-fA-F]{24,}|(?=[\\w+/=-]*[a-z])(?=[\\w+/=-]*[A-Z])(?=[\\w+/=-]*[0-9])[\\w+/=-]{20,}");

    /** Who connects, in an address; the parameters of a JDBC URL; a password that is named. */
    private static final Pattern CREDENTIALS =
            Pattern.compile("(?<=://)[^\\s/@]+(?=@)|(?<=jdbc:[^\\s?;]{0,200}[?;])\\S+"
                    + "|(?i)(?<=\\b(?:password|passwd|pwd|secret)=)[^\\s&;,]+");

    private FailureText() {}

    /**
     * Describes the innermost cause of a failure.
     *
     * @param failure what was thrown
     * @return the simple name of its class, with what may be told of its message; if it has none, also the cause around
     *     it; behind a {@link CurfewException} that is not worth a retry, if there is one
     */
    public static String of(Throwable failure) {
        List<Throwable> causes = chain(failure);
        int innermost = causes.size() - 1;
        for (int at = innermost - 1; at >= 0; at--) {
            if (causes.get(at) instanceof CurfewException ours && !ours.isRetryable()) {
                return nameOf(ours) + ": " + safe(ours, MAX_OWN_LENGTH) + " ("
                        + ofInnermost(causes.subList(at + 1, causes.size())) + ")";
            }
        }
        return ofInnermost(causes);
    }

    private static String ofInnermost(List<Throwable> causes) {
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
        return safe(failure, failure instanceof CurfewException ? MAX_OWN_LENGTH : MAX_LENGTH);
    }

    private static String safe(Throwable failure, int most) {
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
        String told = line;
        for (Pattern hidden : List.of(QUOTED, CREDENTIALS, SECRET)) {
            told = hidden.matcher(told).replaceAll("…");
        }
        String plain = told.replaceAll("\\p{Cntrl}", " ").strip();
        return plain.length() <= most ? plain : plain.substring(0, cut(plain, most)) + "…";
    }

    /** No surrogate pair is cut in two. */
    private static int cut(String text, int most) {
        return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    }
}
