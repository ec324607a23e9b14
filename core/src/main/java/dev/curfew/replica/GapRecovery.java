package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives back to a store that lost data what this node remembers. Used by one thread.
 *
 * <p>Not at the gap, but once everything was loaded again: what the node remembers is more by then.
 */
final class GapRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);

    private final RevocationIndex index;
    private final RecentRevocations recent;
    private final PendingRecords pending;
    private final FeedMeters meters;
    private boolean isDue;

    GapRecovery(RevocationIndex index, RecentRevocations recent, PendingRecords pending, FeedMeters meters) {
        this.index = index;
        this.recent = recent;
        this.pending = pending;
        this.meters = meters;
    }

    /** The feed has a gap. */
    void begin() {
        meters.gap();
        LOG.warn("the feed has a gap: the store lost data, or this node lagged; everything is loaded again");
        isDue = true;
    }

    /** Everything was loaded, perhaps after a gap. */
    void loaded(Instant forgetting) {
        if (isDue) {
            pending.reRecord(remembered(forgetting));
            isDue = false;
        }
    }

    /** What this node knows and a store that lost data may not. */
    private List<Revocation> remembered(Instant forgetting) {
        return Stream.concat(index.cutOffsAndKeys(), recent.all().stream())
                .filter(entry -> !entry.isForgotten(forgetting))
                .toList();
    }
}
