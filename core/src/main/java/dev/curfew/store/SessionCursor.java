package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.Comparator;

/**
 * The place of a session in a list of its subject's: the one that began last comes first. Immutable.
 *
 * <p>All logins behind one cut-off begin at the same instant, a millisecond after it. Of these, the one that was
 * created last comes first.
 *
 * @param authenticatedAt of the session
 * @param createdAt of the session, which decides among those that began at the same instant
 * @param key of the session, which decides among those that were created in the same millisecond, too
 */
public record SessionCursor(Instant authenticatedAt, Instant createdAt, LookupKey key)
        implements Comparable<SessionCursor> {
    private static final Comparator<SessionCursor> NEWEST_FIRST = Comparator.comparing(SessionCursor::authenticatedAt)
            .thenComparing(SessionCursor::createdAt)
            .reversed()
            .thenComparing(SessionCursor::key);

    /**
     * The place of a row.
     *
     * @param session the row
     * @return its place
     */
    public static SessionCursor of(StoredSession session) {
        return new SessionCursor(session.authenticatedAt(), session.createdAt(), session.key());
    }

    /**
     * Compares {@code authenticatedAt} and {@code createdAt}, the later in front, and then the keys, the smaller in
     * front.
     */
    @Override
    public int compareTo(SessionCursor other) {
        return NEWEST_FIRST.compare(this, other);
    }
}
