package dev.curfew.replica;

import dev.curfew.meter.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts how a feed is followed. Thread-safe. */
final class FeedMeters {
    private static final String READS = "curfew.feed.reads";

    private final LongAdder reads = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder gaps = new LongAdder();
    private final LongAdder arrivals = new LongAdder();
    private final LongAdder delayNanos = new LongAdder();
    private volatile @Nullable Duration newestDelay;

    void read() {
        reads.increment();
    }

    void failed() {
        failures.increment();
    }

    void gap() {
        gaps.increment();
    }

    /** A revocation of another node arrived; one from a clock that is ahead took no time. */
    void arrived(Duration delay) {
        Duration taken = delay.isNegative() ? Duration.ZERO : delay;
        arrivals.increment();
        delayNanos.add(taken.toNanos());
        newestDelay = taken;
    }

    Optional<Duration> newestDelay() {
        return Optional.ofNullable(newestDelay);
    }

    List<Meter> meters() {
        return List.of(
                new Meter.Counter(READS, "reads of the feed of revocations", Map.of("result", "success"), reads::sum),
                new Meter.Counter(
                        READS, "reads of the feed of revocations", Map.of("result", "failure"), failures::sum),
                new Meter.Counter(
                        "curfew.feed.gaps", "times that all revocations were loaded again", Map.of(), gaps::sum),
                new Meter.Timer(
                        "curfew.propagation",
                        "time from a revocation on another node until it is known here, by the clocks of both",
                        Map.of(),
                        arrivals::sum,
                        delayNanos::sum));
    }
}
