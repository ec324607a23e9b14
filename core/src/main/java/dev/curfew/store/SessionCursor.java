package dev.curfew.store;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.Comparator;

/**
 * The place of a session in a list of its subject's: the one that began last comes first. Immutable.
 *
 * @param authenticatedAt of the session
 * @param key of the session, which decides among those of the same instant
 */
public record SessionCursor(Instant authenticatedAt, LookupKey key) implements Comparable<SessionCursor> {
    private static final Comparator<SessionCursor> NEWEST_FIRST =
            Comparator.comparing(SessionCursor::authenticatedAt).reversed().thenComparing(SessionCursor::key);

    /**
     * The place of a row.
     *
     * @param session the row
     * @return its place
     */
    public static SessionCursor of(StoredSession session) {
        return new SessionCursor(session.authenticatedAt(), session.key());
    }

    @Override
    public int compareTo(SessionCursor other) {
        return NEWEST_FIRST.compare(this, other);
    }
}
