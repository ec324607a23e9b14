package dev.curfew.store;

import java.time.Instant;
import java.util.Collection;

/**
 * An extra ability of a {@link SessionStore}: to walk all payloads and credentials and put others in their place, when
 * keys change. Implementations are thread-safe, and safe on every node at once.
 */
public interface PayloadRewriting {
    /** The most rows of a page. */
    int MAX_LIMIT = 1_000;

    /**
     * Walks the rows of all sessions, live or not. A row that stands there during the whole walk is met at least once;
     * one that is added meanwhile may be missed. SQL stores take one round trip, the one for Redis 2 for each 64 of its
     * 4,096 buckets that it must look into to fill the page: up to 128 where there are few sessions.
     *
     * @param from where to go on, of this store
     * @param limit the most rows, 1 to {@link #MAX_LIMIT}
     * @param now the instant of the operation
     * @return a page, which may have fewer rows although there are more
     * @throws IllegalArgumentException if the cursor is of another store, or the limit is out of range
     */
    PayloadPage payloads(PayloadCursor from, int limit, Instant now);

    /**
     * Puts payloads and credentials in the place of others: each pair where the expected one still stands, and nowhere
     * else. A row that changed in another way meanwhile keeps that change, one that went does not come back, and times
     * to live stay. Atomic for each row, not for the batch. A row that has the next pair already counts as replaced,
     * because the answer to a first try may have been lost. One round trip or one short transaction a batch; the store
     * for Redis takes one for each bucket in it, all sent at once.
     *
     * @param batch at most one for each session
     * @param now the instant of the operation
     * @return how many were replaced
     */
    int replace(Collection<PayloadChange> batch, Instant now);

    /**
     * Checks a limit, for implementations.
     *
     * @param limit of a page
     * @return the same
     * @throws IllegalArgumentException if it is not 1 to {@link #MAX_LIMIT}
     */
    static int requireLimit(int limit) {
        return StoreArguments.requireLimit(limit, MAX_LIMIT);
    }
}
