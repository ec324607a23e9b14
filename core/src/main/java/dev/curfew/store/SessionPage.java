package dev.curfew.store;

import java.util.List;
import java.util.Optional;

/**
 * A part of a subject's sessions, in the order of {@link SessionCursor}: the one that began last in front. Immutable.
 *
 * @param sessions the rows
 * @param hasMore whether another page may hold more
 */
public record SessionPage(List<FoundSession> sessions, boolean hasMore) {
    /** Copies the list. */
    public SessionPage {
        sessions = List.copyOf(sessions);
    }

    /** {@return the place where the next page starts, if there may be more} */
    public Optional<SessionCursor> next() {
        return hasMore && !sessions.isEmpty()
                ? Optional.of(SessionCursor.of(sessions.get(sessions.size() - 1).session()))
                : Optional.empty();
    }
}
