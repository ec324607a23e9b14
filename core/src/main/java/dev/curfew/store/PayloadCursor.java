package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A place in a walk of {@link PayloadRewriting#payloads}. Immutable.
 *
 * @param text ASCII that only the store understands which gave it; may be kept, and used on another node
 */
public record PayloadCursor(String text) {
    private static final PayloadCursor START = new PayloadCursor("");
    private static final Pattern KEY = Pattern.compile("[0-9a-f]{" + 2 * LookupKey.BYTES + "}");

    /** Checks that nothing is missing. */
    public PayloadCursor {
        Objects.requireNonNull(text, "text");
    }

    /** {@return the place in front of all rows, where every walk begins} */
    public static PayloadCursor start() {
        return START;
    }

    /**
     * A place of a store that walks in the order of the keys.
     *
     * @param session the last key that was met
     * @return the place behind it
     */
    public static PayloadCursor after(LookupKey session) {
        return new PayloadCursor(session.toString());
    }

    /**
     * The key of {@link #after}.
     *
     * @return the last key that was met, or nothing at the start
     * @throws IllegalArgumentException if the place is of a store that walks otherwise
     */
    public Optional<LookupKey> key() {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (!KEY.matcher(text).matches()) {
            throw new IllegalArgumentException("the cursor is of another store");
        }
        return Optional.of(LookupKey.fromBytes(HexFormat.of().parseHex(text)));
    }
}
