package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.Objects;
import java.util.Optional;

/**
 * A place in a walk of {@link PayloadRewriting#payloads}. Immutable.
 *
 * @param text ASCII that only the store understands which gave it; may be kept, and used on another node
 */
public record PayloadCursor(String text) {
    private static final PayloadCursor START = new PayloadCursor("");

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
        return new PayloadCursor(KeyCursors.after(session));
    }

    /**
     * The key of {@link #after}.
     *
     * @return the last key that was met, or nothing at the start
     * @throws IllegalArgumentException if the place is of a store that walks otherwise
     */
    public Optional<LookupKey> key() {
        return KeyCursors.key(text);
    }
}
