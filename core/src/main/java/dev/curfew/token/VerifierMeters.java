package dev.curfew.token;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts what a verifier was given and found. Thread-safe. */
final class VerifierMeters {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final Counts<Reason> refused = new Counts<>(Reason.class);

    void looked(boolean isKnown) {
        (isKnown ? hits : misses).increment();
    }

    void refused(Reason reason) {
        refused.increment(reason);
    }

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        meters.add(lookUps("hit", hits));
        meters.add(lookUps("miss", misses));
        meters.addAll(refused.meters("curfew.tokens.refused", "texts that are no usable tokens", "reason"));
        return meters;
    }

    private static Meter lookUps(String result, LongAdder count) {
        return new Meter.Counter(
                "curfew.verifier.cache",
                "look-ups of texts among those that were found authentic before",
                Map.of("result", result),
                count::sum);
    }
}
