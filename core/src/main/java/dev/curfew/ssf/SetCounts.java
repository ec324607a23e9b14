package dev.curfew.ssf;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import java.util.List;
import java.util.Map;

/** Counts SETs by what became of them. Thread-safe. */
final class SetCounts {
    /** What became of one. */
    enum Result {
        /** It was accepted, whether or not it ended anything. */
        ACCEPTED,
        /** It was refused: its transmitter was told that it is wrong. */
        REFUSED,
        /** What it ends is not known to be recorded. */
        FAILED
    }

    private final Counts<Result> counts = new Counts<>(Result.class);
    private final String delivery;

    SetCounts(String delivery) {
        this.delivery = delivery;
    }

    void count(Result result) {
        counts.increment(result);
    }

    List<Meter> meters() {
        return counts.meters(
                "curfew.ssf.sets",
                "security event tokens of a transmitter",
                "result",
                Map.of("delivery", delivery),
                value -> true);
    }
}
