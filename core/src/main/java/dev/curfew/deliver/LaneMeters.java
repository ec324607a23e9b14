package dev.curfew.deliver;

import dev.curfew.meter.Meter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/** Counts what a lane does on this node. Thread-safe. */
final class LaneMeters {
    private static final String LANE = "lane";
    private static final String READS = "curfew.deliveries.reads";
    private static final String UNREADABLE = "curfew.deliveries.unreadable";

    private final String lane;
    private final LongAdder reads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder unreadableEntries = new LongAdder();
    private final LongAdder unreadableLinks = new LongAdder();

    LaneMeters(String lane) {
        this.lane = lane;
    }

    void read() {
        reads.increment();
    }

    void failed() {
        failures.increment();
    }

    void gap() {
        gaps.increment();
    }

    void ended(long sessions) {
        ended.add(sessions);
    }

    void unreadableEntries(int entries) {
        unreadableEntries.add(entries);
    }

    void unreadableLinks(int links) {
        unreadableLinks.add(links);
    }

    List<Meter> meters(BooleanSupplier isHolder, DoubleSupplier behindSeconds) {
        Map<String, String> tags = Map.of(LANE, lane);
        return List.of(
                new Meter.Gauge(
                        "curfew.deliveries.holder",
                        "1 if this node is the one that works off the lane",
                        "",
                        tags,
                        () -> isHolder.getAsBoolean() ? 1 : 0),
                new Meter.Gauge(
                        "curfew.deliveries.behind",
                        "time since everything on the feed was worked off, on the node that does so",
                        "seconds",
                        tags,
                        behindSeconds),
                counter(READS, "reads of the feed for the lane", "result", "success", reads),
                counter(READS, "reads of the feed for the lane", "result", "failure", failures),
                new Meter.Counter(
                        "curfew.deliveries.gaps", "times that the lane began at the beginning", tags, gaps::sum),
                new Meter.Counter(
                        "curfew.deliveries.ended",
                        "sessions that the lane ended, because the node that was to do so did not come to it",
                        tags,
                        ended::sum),
                counter(UNREADABLE, "what the lane passed over unread", "kind", "entry", unreadableEntries),
                counter(UNREADABLE, "what the lane passed over unread", "kind", "link", unreadableLinks));
    }

    private Meter counter(String name, String description, String tag, String value, LongAdder count) {
        return new Meter.Counter(name, description, Map.of(LANE, lane, tag, value), count::sum);
    }
}
