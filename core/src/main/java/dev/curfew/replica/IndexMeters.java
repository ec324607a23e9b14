package dev.curfew.replica;

import dev.curfew.meter.Meter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How well a node's replica keeps up, as meters that are read when a collector asks. Immutable. */
record IndexMeters(Supplier<IndexStatus> status) {
    private static final Duration LONGEST_AGE = Duration.ofDays(36_500);

    List<Meter> meters() {
        return List.of(
                gauge("curfew.index.age", "how old the index is at most", "seconds", IndexMeters::ageSeconds),
                gauge(
                        "curfew.index.fresh",
                        "1 if checks are answered from memory, else 0",
                        "",
                        now -> now.isFresh() ? 1 : 0),
                gauge("curfew.index.entries", "targets of revocations in the index", "", IndexStatus::entries),
                gauge(
                        "curfew.index.unrecorded",
                        "revocations that the store has not confirmed",
                        "",
                        IndexStatus::unrecorded),
                gauge(
                        "curfew.clock.difference",
                        "by how much this node's clock is ahead of the store's",
                        "seconds",
                        now -> now.clockDifference().map(IndexMeters::seconds).orElse(Double.NaN)));
    }

    private Meter gauge(String name, String description, String unit, ToDoubleFunction<IndexStatus> value) {
        return new Meter.Gauge(name, description, unit, Map.of(), () -> value.applyAsDouble(status.get()));
    }

    /** Before the first load there is no age. */
    private static double ageSeconds(IndexStatus now) {
        return now.age().compareTo(LONGEST_AGE) > 0 ? Double.NaN : seconds(now.age());
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
