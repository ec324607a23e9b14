package dev.curfew.store;

import java.time.Instant;

/**
 * The store's stream of revocations, from which every node keeps its own index. Implementations are thread-safe.
 *
 * <p>It is <b>complete</b>: whatever {@link SessionStore#revoke} acknowledged before a read was sent is returned by reading on
 * from any earlier position, also when it was begun before a later one and committed after it. Delivery is at least once, in
 * any order. The newest entry is never purged.
 */
public interface RevocationFeed {
    /**
     * Reads on. Costs one round trip for each partition at most, and a short transaction where readers number the entries.
     *
     * @param position of the last read, or {@link FeedPosition#beginning()} for everything that is live
     * @param limit the most entries of one answer, positive
     * @param now the instant of the operation
     * @return a page, or a gap if the entry at that position is not there any more
     * @throws StoreUnavailableException if the store does not answer
     */
    FeedRead readAfter(FeedPosition position, int limit, Instant now);
}
