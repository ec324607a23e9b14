package dev.curfew;

import dev.curfew.session.Session;
import dev.curfew.store.SessionCursor;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A part of a subject's live sessions, the one that began last in front. Immutable.
 */
public final class SessionList {
    private final List<Entry> entries;
    private final int unreadable;
    private final @Nullable SessionCursor next;

    /**
     * One session in the list.
     *
     * @param session the session
     * @param isCurrent whether it is the caller's own
     */
    public record Entry(Session session, boolean isCurrent) {}

    SessionList(List<Entry> entries, int unreadable, @Nullable SessionCursor next) {
        this.entries = List.copyOf(entries);
        this.unreadable = unreadable;
        this.next = next;
    }

    /**
     * The sessions, the caller's own included and flagged.
     *
     * @return an unmodifiable list
     */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * How many rows could not be decoded and were left out; they can still be revoked.
     *
     * @return usually 0
     */
    public int unreadable() {
        return unreadable;
    }

    /**
     * Where the next part starts.
     *
     * @return the place, if there may be more
     */
    public Optional<SessionCursor> next() {
        return Optional.ofNullable(next);
    }
}
