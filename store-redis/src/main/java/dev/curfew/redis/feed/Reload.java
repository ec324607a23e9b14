package dev.curfew.redis.feed;

import dev.curfew.meter.TroubleLog;
import dev.curfew.redis.connection.Outage;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.PartitionTimes;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptReply;
import dev.curfew.redis.script.ScriptRunner;
import dev.curfew.redis.server.DamagedKeyException;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.FeedRead;
import dev.curfew.store.StoreTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Reads all that stands, page by page, from the beginning. Thread-safe.
 *
 * <p>It notes first where each feed ends, then walks the places of each partition (its own hash, its notices, its
 * buckets), and hands over to the feeds at the noted marks: what came to a place behind the walk comes by the feed.
 * While it walks, a position has two marks more: the place with the hash of the last item answered of it, and that
 * item's key.
 *
 * <p>What was read beyond a page is kept for the next call, if that comes for this very position; else it is read
 * again. It cannot be too old: the ends of the feeds were noted before.
 */
final class Reload {
    private static final Mark PLACE_BEGINS = new Mark(0, 0);

    private final ScriptRunner scripts;
    private final RedisKeys keys;
    private final ReloadPlan plan;
    private final PartitionRepair repair;
    private final TroubleLog damaged = new TroubleLog(
            Reload.class, "entries were left out of a load", "all entries are readable again", System::nanoTime);
    private final AtomicReference<@Nullable Kept> kept = new AtomicReference<>();

    Reload(ScriptRunner scripts, PartitionRepair repair) {
        this.scripts = scripts;
        this.keys = scripts.keys();
        this.plan = new ReloadPlan(keys);
        this.repair = repair;
    }

    /** What was read beyond a page. */
    private record Kept(FeedPosition position, ReadAhead reader, List<ReloadItem> rest) {}

    FeedRead begin(int limit, Instant now) {
        List<Mark> ends = new ArrayList<>();
        for (ScriptReply end : scripts.runAll(
                "readAfter", scripts.everywhere(partition -> ScriptCall.of(LuaScript.FEED_END, partition)), now)) {
            ends.add(end(ends.size(), end.bytes(0), end.bytes(1)));
        }
        return new Page(ends, limit, now).fill(new ReadAhead(scripts, plan, 0), 0, List.of());
    }

    /** A feed that goes on behind an id that is none of ours cannot be followed. */
    private Mark end(int partition, byte[] id, byte[] line) {
        long number = FeedLine.numberOf(id);
        if (number < 1) {
            throw Outage.of(
                    "readAfter",
                    new DamagedKeyException(
                            keys.feed(partition), "a newest line with an id of others", "an id that ends in -0"));
        }
        return new Mark(number, FeedLine.hashOf(line));
    }

    FeedRead goOn(FeedPosition position, int limit, Instant now) {
        List<Mark> marks = position.marks();
        Mark where = marks.get(keys.partitions());
        int place = (int) where.number();
        if (where.number() < 0 || where.number() > plan.count()) {
            return new FeedRead.Gap();
        }
        Page page = new Page(marks.subList(0, keys.partitions()), limit, now);
        Kept ahead = kept.getAndSet(null);
        if (ahead != null && ahead.position().equals(position)) {
            return page.fill(ahead.reader(), ahead.rest().isEmpty() ? place : place + 1, ahead.rest());
        }
        ReadAhead reader = new ReadAhead(scripts, plan, place);
        if (where.hash() == 0) {
            return page.fill(reader, place, List.of());
        }
        Mark last = marks.get(keys.partitions() + 1);
        ReloadItem answered = new ReloadItem(new LookupKey(last.number(), last.hash()), where.hash(), null);
        List<ReloadItem> items = page.itemsOf(place, reader.next(now));
        items.sort(ReloadItem.ORDER);
        return page.fill(
                reader,
                place + 1,
                items.stream()
                        .filter(item -> ReloadItem.ORDER.compare(item, answered) > 0)
                        .toList());
    }

    /** One answer in the making. Confined to one thread. */
    private final class Page {
        private final List<Mark> ends;
        private final int limit;
        private final Instant now;
        private final List<FeedEntry> entries;
        private int undecodable;

        Page(List<Mark> ends, int limit, Instant now) {
            this.ends = ends;
            this.limit = limit;
            this.now = now;
            this.entries = new ArrayList<>(Math.min(limit, 10_000));
        }

        /**
         * Fills the page.
         *
         * @param reader stands at the place behind {@code rest}
         * @param from that place
         * @param rest of the place before, in order
         */
        FeedRead fill(ReadAhead reader, int from, List<ReloadItem> rest) {
            int place = from;
            List<ReloadItem> items = rest;
            while (true) {
                int room = limit - entries.size();
                if (items.size() > room) {
                    return cut(reader, place, items, room);
                }
                items.forEach(item -> entries.add(item.entry()));
                if (place == plan.count()) {
                    repair.repair(now);
                    return new FeedRead.Page(entries, new FeedPosition(ends), false, undecodable, times());
                }
                if (entries.size() == limit) {
                    return answer(reader, place, PLACE_BEGINS, 0, List.of());
                }
                items = itemsOf(place, reader.next(now));
                place++;
            }
        }

        /** Read behind the entries: what a purge removes meanwhile is not newer than the horizon that they get. */
        private StoreTimes times() {
            return PartitionTimes.read(scripts, now);
        }

        List<ReloadItem> itemsOf(int place, List<byte[]> answer) {
            List<ReloadItem> items = new ArrayList<>(answer.size() / 2);
            int damagedHere = plan.read(place, answer, items);
            if (damagedHere > 0) {
                undecodable += damagedHere;
                damaged.failed(new DamagedKeyException(
                        plan.reading(place).key(),
                        damagedHere + " fields that this version cannot read",
                        "entries; the index is incomplete until a load finds all of them readable"));
            }
            if (plan.isOwnHash(place)) {
                items.forEach(item -> repair.seenInHash(plan.partition(place), item.entry(), now));
            }
            return items;
        }

        private FeedRead cut(ReadAhead reader, int place, List<ReloadItem> items, int room) {
            List<ReloadItem> sorted = new ArrayList<>(items);
            sorted.sort(ReloadItem.ORDER);
            sorted.subList(0, room).forEach(item -> entries.add(item.entry()));
            List<ReloadItem> rest = List.copyOf(sorted.subList(room, sorted.size()));
            if (room == 0) {
                // Nothing of this place was answered yet: the position before it says so.
                return answer(reader, place, PLACE_BEGINS, 0, rest);
            }
            ReloadItem last = sorted.get(room - 1);
            return answer(reader, place, new Mark(last.key().high(), last.key().low()), last.hash(), rest);
        }

        private FeedRead answer(ReadAhead reader, int place, Mark lastKey, long lastHash, List<ReloadItem> rest) {
            List<Mark> marks = new ArrayList<>(ends);
            boolean isInside = lastHash != 0 || !rest.isEmpty();
            marks.add(new Mark(isInside ? place - 1L : place, lastHash));
            marks.add(lastKey);
            FeedPosition next = new FeedPosition(marks);
            kept.set(new Kept(next, reader, rest));
            return new FeedRead.Page(entries, next, false, undecodable, times());
        }
    }
}
