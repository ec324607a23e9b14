package dev.curfew.store;

import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * The store's stream of revocations, from which every node keeps its own index. Implementations are thread-safe.
 *
 * <p>It is <b>complete</b>: whatever {@link SessionStore#revoke} acknowledged before a read was sent is returned by
 * reading on from any earlier position, also when it was begun before a later one and committed after it. Delivery is
 * at least once, in any order. The newest entry is never purged. A read succeeds on a server that cannot write for now;
 * a server in recovery, one that is set to read only, or a replica is an outage, because what it says may be old.
 */
public interface RevocationFeed {
    /**
     * Reads on. Costs one round trip for each partition at most. Waits for nobody's lock and writes nothing.
     *
     * <p>It brings births, entries and notices. An entry that is forgotten or superseded and was not purged yet is
     * brought like any other; readers judge by their own clocks. One that cannot be read is counted in the page, and
     * the position moves past it. A position whose entry was purged, or whose hash differs, or that has another number
     * of marks than the store has partitions, is a gap.
     *
     * @param position of the last read, or {@link FeedPosition#beginning()} for everything that is live
     * @param limit the most entries of one answer, positive
     * @param now the instant of the operation; the clock of the answer in a store that has none of its own
     * @return a page, or a gap if the entry at that position is not there any more
     * @throws StoreUnavailableException if the store does not answer
     */
    FeedRead readAfter(FeedPosition position, int limit, Instant now);

    /**
     * A view of this feed for one reader that reads on and on. It remembers what it has met, so that it need not answer
     * all of it again, and notices what the store has lost. Used by one thread at a time.
     *
     * @return this feed, unless a store knows better
     */
    default RevocationFeed follower() {
        return this;
    }

    /**
     * Does what the feed needs now and then and no read waits for: whoever follows it calls this between two reads. It
     * may fail like a read; then it is done later.
     *
     * @param now the instant of the operation
     * @param goesOn asked between two steps, each of which is short; false if the next read is due
     */
    default void upkeep(Instant now, BooleanSupplier goesOn) {}
}
