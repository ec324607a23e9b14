package dev.curfew.jdbc.table;

import dev.curfew.revocation.RevocationTarget.Kind;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Puts the stored numbers of kinds into statements, which name the kinds. */
public final class KindNumbers {
    private KindNumbers() {}

    /**
     * The text with numbers in place of names: of each kind ({@code {SUBJECT}}), of a row that is no revocation
     * ({@code {NOTICE}}), of the last kind that this version knows ({@code {LAST}}), and of all kinds of which an
     * instant decides what they cover ({@code {BY_INSTANT}}).
     */
    public static String in(String sql) {
        String text = sql.replace("{NOTICE}", Integer.toString(RevocationRow.NOTICE))
                .replace("{BY_INSTANT}", codes(Kind::dependsOnInstant))
                .replace("{LAST}", Integer.toString(last()));
        for (Kind kind : Kind.values()) {
            text = text.replace("{" + kind + "}", Integer.toString(kind.code()));
        }
        return text;
    }

    private static String codes(Predicate<Kind> which) {
        return Arrays.stream(Kind.values())
                .filter(which)
                .map(kind -> Integer.toString(kind.code()))
                .collect(Collectors.joining(", "));
    }

    private static int last() {
        return Arrays.stream(Kind.values()).mapToInt(Kind::code).max().orElseThrow();
    }
}
