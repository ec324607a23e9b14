package dev.curfew.subject;

import dev.curfew.store.ScopeCursor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a walk through the sessions of a client or a realm. Immutable.
 *
 * @param sessions live and ended, in an order of the store, unmodifiable
 * @param unreadable how many more this part has that cannot be read: nobody can tell whose they are
 * @param next where the walk goes on, or nothing at the end; a part may be empty although there are more
 */
public record ScopedSessions(List<HeldSession> sessions, int unreadable, Optional<ScopeCursor> next) {
    /** Copies the list. */
    public ScopedSessions {
        sessions = List.copyOf(sessions);
        Objects.requireNonNull(next, "next");
    }
}
