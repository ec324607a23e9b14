package dev.curfew.redis;

import dev.curfew.redis.Partitions.Step;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Reads places one after another, with the next ones under way already: as many as a page's worth of entries is likely
 * to take. Confined to one thread at a time.
 */
final class PlaceReader {
    private static final int FIRST = 32;
    private static final int MOST = 1_024;
    private static final int ENTRIES_AHEAD = 20_000;

    private final Partitions partitions;
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();
    private int nextToSend;
    private int window = FIRST;
    private long read;
    private long entries;

    PlaceReader(Partitions partitions, int from) {
        this.partitions = partitions;
        this.nextToSend = from;
    }

    /**
     * What was asked.
     *
     * @param ofPartition for a bucket, what the partition says of it and of others in this packet
     * @param at where in that
     */
    private record Sent(
            int place,
            Read read,
            CompletableFuture<List<byte[]>> answer,
            @Nullable Sent ofPartition,
            int at) {}

    List<byte[]> next(Instant now) {
        if (sent.size() <= window / 2) {
            send();
        }
        Sent first = sent.remove();
        List<byte[]> answer = answer(first);
        if (first.ofPartition() != null) {
            byte[] mark = answer(first.ofPartition()).get(first.at());
            if (!Company.isRight(mark, idIn(answer), now)) {
                answer = seenAtOnce(first.place(), now);
            }
        }
        read++;
        entries += answer.size() / 2;
        window = (int) Math.max(2, Math.min(MOST, ENTRIES_AHEAD * read / Math.max(1, entries)));
        return answer;
    }

    private List<byte[]> answer(Sent one) {
        return partitions.finish("readAfter", one.read(), one.answer());
    }

    private static byte[] idIn(List<byte[]> fields) {
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            if (Arrays.equals(fields.get(i), Company.OF_BUCKET)) {
                return fields.get(i + 1);
            }
        }
        return new byte[0];
    }

    /**
     * Something came between the two readings of a bucket, or it is lost; then the birth that says so comes by the
     * feed.
     */
    private List<byte[]> seenAtOnce(int place, Instant now) {
        RedisKeys keys = partitions.keys();
        int bucket = Place.bucket(keys, place);
        Step step =
                new Step(LuaScript.READ_BUCKET, keys.partitionOf(bucket), List.of(keys.revocations(bucket)), List.of());
        return partitions.run("readAfter", step, now).stream()
                .map(value -> (byte[]) value)
                .toList();
    }

    /** In one packet, what partitions say of their buckets in front of these. */
    private void send() {
        RedisKeys keys = partitions.keys();
        List<Integer> places = new ArrayList<>();
        Map<Integer, List<Integer>> buckets = new LinkedHashMap<>();
        while (nextToSend < Place.count(keys) && sent.size() + places.size() < Math.min(window, 2 * FIRST + 2 * read)) {
            int place = nextToSend++;
            places.add(place);
            if (Place.bucket(keys, place) >= 0) {
                buckets.computeIfAbsent(Place.partition(keys, place), first -> new ArrayList<>())
                        .add(Place.bucket(keys, place));
            }
        }
        if (places.isEmpty()) {
            return;
        }
        List<Read> reads = new ArrayList<>();
        buckets.forEach((partition, of) -> reads.add(Read.fields(
                keys.part(partition), of.stream().map(Company::ofPartition).toList())));
        places.forEach(place -> reads.add(Place.reading(keys, place)));
        List<? extends CompletableFuture<List<byte[]>>> answers =
                partitions.port().send(reads);
        Map<Integer, Sent> ofPartitions = new HashMap<>();
        int at = 0;
        for (Integer partition : buckets.keySet()) {
            ofPartitions.put(partition, new Sent(-1, reads.get(at), answers.get(at), null, 0));
            at++;
        }
        for (Integer place : places) {
            int partition = Place.partition(keys, place);
            int bucket = Place.bucket(keys, place);
            sent.add(
                    bucket < 0
                            ? new Sent(place, reads.get(at), answers.get(at), null, 0)
                            : new Sent(
                                    place,
                                    reads.get(at),
                                    answers.get(at),
                                    ofPartitions.get(partition),
                                    buckets.getOrDefault(partition, List.of()).indexOf(bucket)));
            at++;
        }
    }
}
