package dev.curfew.redis.feed;

import dev.curfew.meter.TroubleLog;
import dev.curfew.redis.verb.RecordVerb;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records again what every partition must keep, if some partition still lacks it a while after another had
 * it. Whoever wrote it may have died in between, or that partition lost it. Thread-safe.
 *
 * <p>Recording what a partition has, what something there replaces, or what is forgotten, writes nothing, so that a
 * needless repair costs only a call.
 */
final class PartitionRepair {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionRepair.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_WAITING = 10_000;

    /** A repair goes to all partitions within one time-out of the thread that reads the feed. */
    private static final int AT_ONCE = 1_000;

    private final TroubleLog unrepaired = new TroubleLog(
            PartitionRepair.class,
            "entries that some partition lacks are recorded again later",
            "entries that some partition lacked are recorded again",
            System::nanoTime);
    private final int partitions;
    private final RecordVerb recorder;
    /** Guarded by this; the one seen first in front. */
    private final Map<Revocation, Seen> waiting = new LinkedHashMap<>();

    PartitionRepair(int partitions, RecordVerb recorder) {
        this.partitions = partitions;
        this.recorder = recorder;
    }

    /** Guarded by this; whether the log has been told. */
    private boolean isDropping;

    private record Seen(Instant first, BitSet in) {}

    /** Takes note of what was read from the hash of a partition, if every partition must keep it. */
    void seenInHash(int partition, FeedEntry read, Instant now) {
        if (read instanceof FeedEntry.Revoked revoked && isKeptEverywhere(revoked.revocation())) {
            note(partition, revoked.revocation(), now);
        }
    }

    /** The same of the feed of a partition, which tells of a foreign session in its bucket, too. */
    void seenOnFeed(int partition, FeedEntry read, Instant now) {
        if (read instanceof FeedEntry.Revoked revoked
                && (isKeptEverywhere(revoked.revocation()) || isKeptInBucketToo(revoked.revocation()))) {
            note(partition, revoked.revocation(), now);
        }
    }

    private boolean isKeptEverywhere(Revocation entry) {
        return entry.target().bucket() == RevocationTarget.EVERYWHERE
                && entry.target().kind() != RevocationTarget.Kind.BIRTH
                && partitions > 1;
    }

    private static boolean isKeptInBucketToo(Revocation entry) {
        return RecordVerb.isForeign(entry.target());
    }

    private synchronized void note(int partition, Revocation entry, Instant now) {
        Seen seen = waiting.computeIfAbsent(entry, first -> new Seen(now, new BitSet(partitions + 1)));
        boolean isSecondLine = isKeptInBucketToo(entry) && seen.in().get(partition);
        seen.in().set(isSecondLine ? partitions : partition);
        if (seen.in().cardinality() == partitions + (isKeptInBucketToo(entry) ? 1 : 0)) {
            waiting.remove(entry);
        } else if (waiting.size() > MAX_WAITING) {
            waiting.remove(waiting.keySet().iterator().next());
            if (!isDropping) {
                isDropping = true;
                LOG.warn(
                        "more than {} entries wait to be seen in every partition: from the oldest on they are not"
                                + " repaired",
                        MAX_WAITING);
            }
        }
    }

    /** Repairs what waits for too long; a failure is only logged, and tried again by the next call. */
    void repair(Instant now) {
        List<Revocation> lacking = overdue(now);
        if (lacking.isEmpty()) {
            return;
        }
        try {
            recorder.record(lacking, now);
            forget(lacking);
            unrepaired.worked();
        } catch (StoreUnavailableException e) {
            unrepaired.failed(e);
        }
    }

    private synchronized List<Revocation> overdue(Instant now) {
        List<Revocation> overdue = new ArrayList<>();
        for (Map.Entry<Revocation, Seen> one : waiting.entrySet()) {
            // Either way: a clock that was set back must not make anything wait until it is ahead again.
            if (Duration.between(one.getValue().first(), now).abs().compareTo(PATIENCE) < 0) {
                break;
            }
            overdue.add(one.getKey());
            if (overdue.size() == AT_ONCE) {
                break;
            }
        }
        return overdue;
    }

    private synchronized void forget(List<Revocation> recorded) {
        recorded.forEach(waiting::remove);
        isDropping = isDropping && waiting.size() >= MAX_WAITING;
    }
}
