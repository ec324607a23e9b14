package dev.curfew.redis.feed;

import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.verb.RecordVerb;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreArguments;
import java.time.Instant;

/**
 * Answers a read of the feed: a page of a reload, as long as one is under way, and then what followed. Thread-safe.
 *
 * <p>A position has one mark for each partition, and two more while a reload is under way; the first one has none.
 */
public final class FeedReads {
    private final int partitions;
    private final Reload reload;
    private final FeedFollower follower;

    public FeedReads(ScriptRunner scripts, RecordVerb recorder) {
        PartitionRepair repair = new PartitionRepair(scripts.keys().partitions(), recorder);
        this.partitions = scripts.keys().partitions();
        this.reload = new Reload(scripts, repair);
        this.follower = new FeedFollower(scripts, repair);
    }

    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        StoreArguments.requireLimit(limit);
        int marks = position.marks().size();
        if (marks == 0) {
            return reload.begin(limit, now);
        }
        if (marks == partitions + 2) {
            return reload.goOn(position, limit, now);
        }
        return marks == partitions ? follower.readOn(position, limit, now) : new FeedRead.Gap();
    }
}
