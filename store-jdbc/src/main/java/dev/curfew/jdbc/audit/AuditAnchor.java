package dev.curfew.jdbc.audit;

import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The end of a chained audit trail at some moment, to be kept where whoever can write to the table cannot: only with it
 * is a trail found out whose end was cut off and its place put back. Immutable.
 *
 * @param number how many records were ever appended, 0 at the beginning
 * @param mac of the last one, 64 hexadecimal digits; no secret
 */
public record AuditAnchor(long number, String mac) {
    static final int MAC_DIGITS = 64;

    private static final Pattern MAC = Pattern.compile("[0-9a-f]{" + MAC_DIGITS + "}");

    /**
     * Takes up an anchor that was kept.
     *
     * @throws IllegalArgumentException if it cannot be one
     */
    public AuditAnchor {
        Objects.requireNonNull(mac, "mac");
        if (number < 0 || !MAC.matcher(mac).matches()) {
            throw new IllegalArgumentException("an anchor is a number and 64 hexadecimal digits");
        }
    }
}
