package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.util.Objects;
import java.util.Optional;

/**
 * A place in a walk of {@link SessionsOfScope#sessionsOf}. Immutable.
 *
 * @param text ASCII that only the store understands which gave it, empty in front of all rows; it may be kept, sent to
 *     an administrator's page and used on another node, and tells nobody's secret
 */
public record ScopeCursor(String text) {
    private static final ScopeCursor START = new ScopeCursor("");

    /** Checks that nothing is missing. */
    public ScopeCursor {
        Objects.requireNonNull(text, "text");
    }

    /** {@return the place in front of all rows, where every walk begins} */
    public static ScopeCursor start() {
        return START;
    }

    /**
     * A place of a store that walks in the order of the keys.
     *
     * @param session the last key that was met
     * @return the place behind it
     */
    public static ScopeCursor after(LookupKey session) {
        return new ScopeCursor(KeyCursors.after(session));
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
