package dev.curfew.jose;

import dev.curfew.meter.Meter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts loads of keys. Thread-safe. */
public final class KeyLoads {
    private final LongAdder successes = new LongAdder();
    private final LongAdder failures = new LongAdder();

    void succeeded() {
        successes.increment();
    }

    void failed() {
        failures.increment();
    }

    /** What all of these counted together. */
    public static List<Meter> meters(String realm, Collection<KeyLoads> all) {
        List<KeyLoads> several = List.copyOf(all);
        return List.of(
                meter(
                        realm,
                        "success",
                        () -> several.stream()
                                .mapToLong(loads -> loads.successes.sum())
                                .sum()),
                meter(
                        realm,
                        "failure",
                        () -> several.stream()
                                .mapToLong(loads -> loads.failures.sum())
                                .sum()));
    }

    private static Meter meter(String realm, String result, LongSupplier count) {
        return new Meter.Counter(
                "curfew.keys.loads", "loads of an issuer's keys", Map.of("realm", realm, "result", result), count);
    }
}
