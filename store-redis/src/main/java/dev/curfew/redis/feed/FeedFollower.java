package dev.curfew.redis.feed;

import dev.curfew.meter.TroubleLog;
import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.PartitionTimes;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.DamagedKeyException;
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
final class FeedFollower {
    private final ScriptRunner scripts;
    private final RedisKeys keys;
    private final PartitionRepair repair;
    private final TroubleLog damaged = new TroubleLog(
            FeedFollower.class, "a line of the feed was left out", "the feed is readable again", System::nanoTime);

    FeedFollower(ScriptRunner scripts, PartitionRepair repair) {
        this.scripts = scripts;
        this.keys = scripts.keys();
        this.repair = repair;
    }

    FeedRead readOn(FeedPosition position, int limit, Instant now) {
        List<Mark> marks = position.marks();
        if (marks.stream().anyMatch(mark -> mark.number() < 1)) {
            return new FeedRead.Gap();
        }
        int share = Math.max(1, limit / marks.size());
        List<ReadCommand> reads = new ArrayList<>(2 * marks.size());
        for (int partition = 0; partition < marks.size(); partition++) {
            reads.add(
                    ReadCommand.lines(keys.feed(partition), marks.get(partition).number(), share + 2));
        }
        reads.addAll(PartitionTimes.reads(keys));
        List<List<byte[]>> all = scripts.read("readAfter", reads);
        List<List<byte[]>> times = all.subList(marks.size(), all.size());
        if (PartitionTimes.isReborn(scripts, times, now)) {
            return new FeedRead.Gap();
        }
        List<List<FeedLine>> lines =
                all.subList(0, marks.size()).stream().map(FeedLine::all).toList();
        for (int partition = 0; partition < marks.size(); partition++) {
            if (!followsOn(marks.get(partition), lines.get(partition))) {
                return new FeedRead.Gap();
            }
        }
        Page page = new Page(marks, limit, share);
        page.fill(lines, now);
        FeedRead read = page.read(PartitionTimes.of(scripts, times, now));
        repair.repair(now);
        return read;
    }

    /** One answer in the making. Confined to one thread. */
    private final class Page {
        private final List<Mark> marks;
        private final int limit;
        private final int share;
        private final List<FeedEntry> entries = new ArrayList<>();
        private int undecodable;
        private boolean isCaughtUp = true;

        Page(List<Mark> marks, int limit, int share) {
            this.marks = new ArrayList<>(marks);
            this.limit = limit;
            this.share = share;
        }

        /** Partitions take turns at being first, so that none waits for ever behind a busy one. */
        void fill(List<List<FeedLine>> lines, Instant now) {
            int first =
                    (int) Math.floorMod(marks.stream().mapToLong(Mark::number).sum(), (long) marks.size());
            for (int i = 0; i < marks.size(); i++) {
                int partition = (first + i) % marks.size();
                List<FeedLine> behindMark =
                        lines.get(partition).subList(1, lines.get(partition).size());
                int room = Math.min(share, limit - entries.size() - undecodable);
                isCaughtUp &= behindMark.size() <= room;
                behindMark.stream().limit(room).forEach(line -> take(partition, line, now));
            }
        }

        private void take(int partition, FeedLine line, Instant now) {
            Optional<FeedEntry> content = line.content();
            if (content.isEmpty()) {
                undecodable++;
                damaged.failed(new DamagedKeyException(
                        keys.feed(partition),
                        "a line (" + line.number() + ") of " + line.length() + " bytes that this version cannot read",
                        "an entry; the index is incomplete until it is loaded again"));
            } else {
                entries.add(content.get());
                repair.seenOnFeed(partition, content.get(), now);
            }
            marks.set(partition, new Mark(line.number(), line.hash()));
        }

        FeedRead read(StoreTimes times) {
            return new FeedRead.Page(entries, new FeedPosition(marks), isCaughtUp, undecodable, times);
        }
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
