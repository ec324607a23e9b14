package dev.curfew.redis;

import dev.curfew.meter.TroubleLog;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Follows the feeds of all partitions, one mark for each. Thread-safe.
 *
 * <p>The hash of a line is chained to all lines before it, back to the random bytes of the birth, so that one line that
 * still stands proves that everything before it does. Every read asks for the line of the mark itself as well.
 */
final class RedisFeed {
    private final Partitions partitions;
    private final RedisKeys keys;
    private final Spreading spreading;
    private final TroubleLog damaged = new TroubleLog(
            RedisFeed.class, "a line of the feed was left out", "the feed is readable again", System::nanoTime);

    RedisFeed(Partitions partitions, Spreading spreading) {
        this.partitions = partitions;
        this.keys = partitions.keys();
        this.spreading = spreading;
    }

    FeedRead readOn(FeedPosition position, int limit, Instant now) {
        List<Mark> marks = new ArrayList<>(position.marks());
        int share = Math.max(1, limit / marks.size());
        List<Read> reads = new ArrayList<>(marks.size());
        for (int partition = 0; partition < marks.size(); partition++) {
            long from = marks.get(partition).number();
            if (from < 1) {
                return new FeedRead.Gap();
            }
            reads.add(Read.lines(keys.feed(partition), from, share + 2));
        }
        reads.addAll(PartitionTimes.reads(keys));
        List<List<byte[]>> all = partitions.read("readAfter", reads);
        List<List<byte[]>> ofPartitions = all.subList(marks.size(), all.size());
        if (PartitionTimes.isReborn(partitions, ofPartitions, now)) {
            return new FeedRead.Gap();
        }
        List<List<FeedLine>> answers =
                all.subList(0, marks.size()).stream().map(FeedLine::all).toList();
        for (int partition = 0; partition < marks.size(); partition++) {
            if (!followsOn(marks.get(partition), answers.get(partition))) {
                return new FeedRead.Gap();
            }
        }
        FeedRead page = page(marks, answers, limit, share, PartitionTimes.of(partitions, ofPartitions, now), now);
        spreading.repair(now);
        return page;
    }

    /** Partitions take turns at being first, so that none waits for ever behind a busy one. */
    private FeedRead page(
            List<Mark> marks, List<List<FeedLine>> answers, int limit, int share, StoreTimes times, Instant now) {
        List<FeedEntry> entries = new ArrayList<>();
        int undecodable = 0;
        boolean isCaughtUp = true;
        int first = (int) Math.floorMod(marks.stream().mapToLong(Mark::number).sum(), (long) marks.size());
        for (int i = 0; i < marks.size(); i++) {
            int partition = (first + i) % marks.size();
            List<FeedLine> lines = answers.get(partition);
            int taken = 0;
            for (FeedLine line : lines.subList(1, lines.size())) {
                if (taken == share || entries.size() + undecodable == limit) {
                    isCaughtUp = false;
                    break;
                }
                Optional<FeedEntry> content = line.content();
                if (content.isEmpty()) {
                    undecodable++;
                    damaged.failed(new DamagedKeyException(
                            keys.feed(partition),
                            "a line (" + line.number() + ") of " + line.length()
                                    + " bytes that this version cannot read",
                            "an entry; the index is incomplete until it is loaded again"));
                } else {
                    entries.add(content.get());
                    if (content.get() instanceof FeedEntry.Revoked revoked) {
                        spreading.seen(partition, revoked.revocation(), now);
                    }
                }
                marks.set(partition, new Mark(line.number(), line.hash()));
                taken++;
            }
        }
        return new FeedRead.Page(entries, new FeedPosition(marks), isCaughtUp, undecodable, times);
    }

    /**
     * Whether the line of the mark still stands, and no line behind it is missing: they are numbered without a gap. A
     * birth behind it says that the partition lost something: whoever was there before loads everything again.
     */
    private static boolean followsOn(Mark mark, List<FeedLine> lines) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).number() != mark.number() + i
                    || i > 0 && lines.get(i).isBirth()) {
                return false;
            }
        }
        return !lines.isEmpty() && lines.get(0).hash() == mark.hash();
    }
}
