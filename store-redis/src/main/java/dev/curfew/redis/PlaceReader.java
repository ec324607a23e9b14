package dev.curfew.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Reads places one after another, with the next ones under way already: as many as a page's worth of entries is likely to take.
 * Confined to one thread at a time.
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

    private record Sent(Read read, CompletableFuture<List<byte[]>> answer) {}

    List<byte[]> next() {
        if (sent.size() <= window / 2) {
            send();
        }
        Sent first = sent.remove();
        List<byte[]> answer = partitions.calls().finish("readAfter", partitions.port(), first.read(), first.answer());
        read++;
        entries += answer.size() / 2;
        window = (int) Math.max(2, Math.min(MOST, ENTRIES_AHEAD * read / Math.max(1, entries)));
        return answer;
    }

    private void send() {
        RedisKeys keys = partitions.keys();
        List<Read> reads = new ArrayList<>();
        while (nextToSend < Place.count(keys) && sent.size() + reads.size() < Math.min(window, 2 * FIRST + 2 * read)) {
            reads.add(Place.reading(keys, nextToSend++));
        }
        if (!reads.isEmpty()) {
            List<? extends CompletableFuture<List<byte[]>>> answers =
                    partitions.port().send(reads);
            for (int i = 0; i < reads.size(); i++) {
                sent.add(new Sent(reads.get(i), answers.get(i)));
            }
        }
    }
}
