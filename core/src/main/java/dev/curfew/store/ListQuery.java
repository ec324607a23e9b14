package dev.curfew.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which of a subject's sessions to list, and how many at a time. Immutable.
 */
public final class ListQuery {
    /** The most that one page can hold. */
    public static final int MAX_LIMIT = 1_000;

    private final boolean liveOnly;
    private final int limit;
    private final @Nullable SessionCursor after;

    private ListQuery(boolean liveOnly, int limit, @Nullable SessionCursor after) {
        this.liveOnly = liveOnly;
        this.limit = StoreArguments.requireLimit(limit, MAX_LIMIT);
        this.after = after;
    }

    /**
     * Asks for the sessions that can be used.
     *
     * @param limit 1 to {@link #MAX_LIMIT}
     * @return a query from the newest on
     */
    public static ListQuery live(int limit) {
        return new ListQuery(true, limit, null);
    }

    /**
     * Asks for every row that is not purged yet, with what ended it.
     *
     * @param limit 1 to {@link #MAX_LIMIT}
     * @return a query from the newest on
     */
    public static ListQuery all(int limit) {
        return new ListQuery(false, limit, null);
    }

    /**
     * The same query from a place on.
     *
     * @param cursor as a page gave it
     * @return a query that starts behind that place
     */
    public ListQuery after(SessionCursor cursor) {
        return new ListQuery(liveOnly, limit, Objects.requireNonNull(cursor, "cursor"));
    }

    /**
     * Tells whether a session that was found is asked for.
     *
     * @param found with what covers it
     * @param now the instant of the operation
     * @return false if it has ended, and only those that can be used are asked for
     */
    public boolean includes(FoundSession found, Instant now) {
        return !liveOnly || found.isLive(now);
    }

    /** {@return whether ended sessions are left out} */
    public boolean liveOnly() {
        return liveOnly;
    }

    /** {@return the most rows of a page, 1 to {@link #MAX_LIMIT}} */
    public int limit() {
        return limit;
    }

    /** {@return the place behind which it starts, or nothing for the first page} */
    public Optional<SessionCursor> after() {
        return Optional.ofNullable(after);
    }
}
