package dev.curfew.store;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A part of a walk through the sessions of a client or a realm. Immutable.
 *
 * @param sessions the rows with what covers them, unmodifiable
 * @param next where the walk goes on, or nothing at the end
 */
public record ScopePage(List<FoundSession> sessions, Optional<ScopeCursor> next) {
    /** Copies the list. */
    public ScopePage {
        sessions = List.copyOf(sessions);
        Objects.requireNonNull(next, "next");
    }
}
