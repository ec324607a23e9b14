package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/** The text of a place in a walk that goes in the order of the keys: the last key that was met, in hexadecimal. */
final class KeyCursors {
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{" + 2 * LookupKey.BYTES + "}");

    private KeyCursors() {}

    static String after(LookupKey key) {
        return key.toString();
    }

    /**
     * Reads a place.
     *
     * @param text of {@link #after}, or empty at the start
     * @return the last key that was met, or nothing at the start
     * @throws IllegalArgumentException if it is neither
     */
    static Optional<LookupKey> key(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!KEY.matcher(text).matches()) {
            throw new IllegalArgumentException("the cursor is of another store");
        }
        return Optional.of(LookupKey.fromBytes(HexFormat.of().parseHex(text)));
    }
}
