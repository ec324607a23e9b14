package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work between two reads of the feed, a little each time, whose failure makes no index older. Used by one thread.
 */
final class FeedUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);

    private final RevocationIndex index;
    private final PendingRecords pending;
    private final GapRecovery recovery;
    private final FeedReader reader;
    private final NodeTime time;
    private final TroubleLog unrecorded;

    FeedUpkeep(RevocationIndex index, PendingRecords pending, GapRecovery recovery, FeedReader reader, NodeTime time) {
        this.index = index;
        this.pending = pending;
        this.recovery = recovery;
        this.reader = reader;
        this.time = time;
        this.unrecorded = new TroubleLog(
                FeedTailer.class,
                "what this node remembers is not recorded yet",
                "what this node remembers is recorded",
                time.ticker());
    }

    /** Does some of it, after a read that did not fail; answers whether the store is still to be told something. */
    boolean run(boolean isFollowing, BooleanSupplier goesOn) {
        boolean hasMore = false;
        try {
            do {
                // As long as no read is due: a read behind each batch would cost the store more than what is recorded.
                hasMore = record(isFollowing);
                unrecorded.worked();
            } while (hasMore && goesOn.getAsBoolean());
        } catch (Throwable e) {
            hasMore = false;
            unrecorded.failed(e);
        }
        try {
            reader.upkeep(goesOn);
        } catch (Throwable e) {
            LOG.debug("the feed is not kept up by this node for now: {}", e.toString());
        }
        return hasMore;
    }

    private boolean record(boolean isFollowing) {
        Instant now = time.forgetting();
        if (pending.size() == 0) {
            // Else the store could not be asked, after the clock is set back, for what only this node knows.
            index.sweep(now);
        }
        if (isFollowing) {
            recovery.loaded(now);
        }
        return pending.flush(now);
    }

    /** {@return how many revocations the store has not confirmed} */
    int unrecorded() {
        return pending.size();
    }

    /** There are no more reads. */
    void end() {
        pending.flushRest(time.forgetting());
    }
}
