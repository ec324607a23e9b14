package dev.curfew.replica;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log now and then how far a load of all revocations is. Used by one thread. */
final class LoadProgress {
    private static final Logger LOG = LoggerFactory.getLogger(FeedIntake.class);
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final NodeTime time;
    private long entries;
    private long toldNanos;

    LoadProgress(NodeTime time) {
        this.time = time;
        this.toldNanos = time.nanos();
    }

    void begin() {
        entries = 0;
    }

    /** So many more were read, by a load or not. */
    void read(int more, boolean isLoad) {
        entries += more;
        if (isLoad && time.nanos() - toldNanos > PERIOD_NANOS) {
            toldNanos = time.nanos();
            LOG.info("the index is being loaded: {} entries so far", entries);
        }
    }

    void end(long held) {
        LOG.info("the index is complete: {} entries read, {} held", entries, held);
    }
}
