package dev.curfew.redis.feed;

import dev.curfew.redis.connection.ReadCommand;
import dev.curfew.redis.script.BucketIntegrity;
import dev.curfew.redis.script.LuaScript;
import dev.curfew.redis.script.RedisKeys;
import dev.curfew.redis.script.ScriptCall;
import dev.curfew.redis.script.ScriptRunner;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads the places of a reload one after another, with the next ones under way already: as many as a page's worth of
 * entries is likely to take. Confined to one thread at a time.
 */
final class ReadAhead {
    private static final int FIRST = 32;
    private static final int MOST = 1_024;
    private static final int ENTRIES_AHEAD = 20_000;

    private final ScriptRunner scripts;
    private final ReloadPlan plan;
    private final ArrayDeque<Ahead> underWay = new ArrayDeque<>();
    private int nextToSend;
    private int window = FIRST;
    private long read;
    private long entries;

    ReadAhead(ScriptRunner scripts, ReloadPlan plan, int from) {
        this.scripts = scripts;
        this.plan = plan;
        this.nextToSend = from;
    }

    private record Sent(ReadCommand read, CompletableFuture<List<byte[]>> answer) {}

    /** What a partition says of some of its buckets, asked in front of them in the same packet. */
    private record Marks(List<Integer> buckets, Sent sent) {}

    /** A place that was asked for; if it is a bucket, with what its partition says of it. */
    private record Ahead(int place, Sent content, @Nullable Marks marks) {}

    List<byte[]> next(Instant now) {
        if (underWay.size() <= window / 2) {
            send();
        }
        Ahead first = underWay.remove();
        List<byte[]> answer = answer(first.content());
        if (first.marks() != null && !isIntact(first.place(), first.marks(), answer, now)) {
            answer = seenAtOnce(plan.bucket(first.place()), now);
        }
        read++;
        entries += answer.size() / 2;
        window = (int) Math.max(2, Math.min(MOST, ENTRIES_AHEAD * read / Math.max(1, entries)));
        return answer;
    }

    private List<byte[]> answer(Sent one) {
        return scripts.finish("readAfter", one.read(), one.answer());
    }

    private boolean isIntact(int place, Marks marks, List<byte[]> fields, Instant now) {
        byte[] mark = answer(marks.sent()).get(marks.buckets().indexOf(plan.bucket(place)));
        return BucketIntegrity.isIntact(mark, idIn(fields), now);
    }

    private static byte[] idIn(List<byte[]> fields) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (Arrays.equals(fields.get(i), BucketIntegrity.idField())) {
                return fields.get(i + 1);
            }
        }
        return new byte[0];
    }

    /**
     * Something came between the two readings of a bucket, or it is lost; then the birth that says so comes by the
     * feed.
     */
    private List<byte[]> seenAtOnce(int bucket, Instant now) {
        RedisKeys keys = scripts.keys();
        List<byte[]> names = List.of(keys.revocations(bucket));
        return scripts.run(
                        "readAfter",
                        new ScriptCall(LuaScript.READ_BUCKET, keys.partitionOf(bucket), names, List.of()),
                        now)
                .allBytes();
    }

    private void send() {
        List<Integer> places = nextPlaces();
        if (places.isEmpty()) {
            return;
        }
        Map<Integer, List<Integer>> buckets = bucketsByPartition(places);
        List<ReadCommand> reads = new ArrayList<>();
        buckets.forEach((partition, some) -> reads.add(ReadCommand.fields(
                scripts.keys().part(partition),
                some.stream().map(BucketIntegrity::markField).toList())));
        places.forEach(place -> reads.add(plan.reading(place)));
        Iterator<Sent> sent = sendTogether(reads).iterator();
        Map<Integer, Marks> marks = new HashMap<>();
        buckets.forEach((partition, some) -> marks.put(partition, new Marks(some, sent.next())));
        for (int place : places) {
            underWay.add(new Ahead(place, sent.next(), plan.isBucket(place) ? marks.get(plan.partition(place)) : null));
        }
    }

    private List<Integer> nextPlaces() {
        List<Integer> places = new ArrayList<>();
        while (nextToSend < plan.count() && underWay.size() + places.size() < Math.min(window, 2 * FIRST + 2 * read)) {
            places.add(nextToSend++);
        }
        return places;
    }

    private Map<Integer, List<Integer>> bucketsByPartition(List<Integer> places) {
        Map<Integer, List<Integer>> buckets = new LinkedHashMap<>();
        for (int place : places) {
            if (plan.isBucket(place)) {
                buckets.computeIfAbsent(plan.partition(place), first -> new ArrayList<>())
                        .add(plan.bucket(place));
            }
        }
        return buckets;
    }

    private List<Sent> sendTogether(List<ReadCommand> reads) {
        List<? extends CompletableFuture<List<byte[]>>> answers = scripts.port().send(reads);
        List<Sent> sent = new ArrayList<>();
        for (int i = 0; i < reads.size(); i++) {
            sent.add(new Sent(reads.get(i), answers.get(i)));
        }
        return sent;
    }
}
