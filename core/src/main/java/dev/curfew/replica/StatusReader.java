package dev.curfew.replica;

import dev.curfew.meter.Meter;
import java.util.ArrayList;
import java.util.List;

/** Reads how well a replica keeps up from its parts. Thread-safe. */
final class StatusReader {
    private final RevocationIndex index;
    private final FeedTailer tailer;
    private final FeedReader reader;
    private final ClockComparison clocks;
    private final NodeTime time;

    StatusReader(RevocationIndex index, FeedTailer tailer, FeedReader reader, ClockComparison clocks, NodeTime time) {
        this.index = index;
        this.tailer = tailer;
        this.reader = reader;
        this.clocks = clocks;
        this.time = time;
    }

    IndexStatus status() {
        long now = time.millis();
        return new IndexStatus(
                tailer.isFollowing(),
                tailer.freshness().isFresh(now),
                tailer.freshness().age(now),
                index.size(),
                reader.position(),
                tailer.unrecorded(),
                clocks.difference(),
                reader.meters().newestDelay(),
                tailer.lastError());
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(reader.meters().meters());
        meters.addAll(new IndexMeters(this::status).meters());
        return meters;
    }
}
