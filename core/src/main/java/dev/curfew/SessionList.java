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
     * @param isReadable whether device, attributes and client could be read; if not, the device is {@link
     *     dev.curfew.session.DeviceInfo#unknown}, there are no attributes, and the session can be ended all the same
     */
    public record Entry(Session session, boolean isCurrent, boolean isReadable) {}

    SessionList(List<Entry> entries, int unreadable, @Nullable SessionCursor next) {
        this.entries = List.copyOf(entries);
        this.unreadable = unreadable;
        this.next = next;
    }

    /** {@return the sessions, the caller's own included and flagged; unmodifiable} */
    public List<Entry> entries() {
        return entries;
    }

    /**
     * How many sessions were left out because not even their names could be read: those of foreign issuers whose rows
     * are damaged, or encrypted with a key that is not there. They end with all others of the subject. A session of
     * ours is never left out, see {@link Entry#isReadable}.
     *
     * @return usually 0
     */
    public int unreadable() {
        return unreadable;
    }

    /** {@return where the next part starts, if there may be more} */
    public Optional<SessionCursor> next() {
        return Optional.ofNullable(next);
    }
}
