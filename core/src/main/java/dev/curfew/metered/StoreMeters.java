package dev.curfew.metered;

import dev.curfew.meter.Meter;
import dev.curfew.store.StoreUnavailableException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Times calls of a store and counts those that fail. Thread-safe. */
public final class StoreMeters {
    /** The verbs of a store. */
    enum Verb {
        OPEN,
        INSERT,
        FIND,
        LIST,
        TOUCH,
        ROTATE,
        REVOKE,
        CHECK,
        CUT_OFF,
        RECORD,
        FEED,
        PURGE,
        READ_RECORD,
        WRITE_RECORD,
        REMOVE_RECORD,
        LIST_RECORDS;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final class Calls {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();
        private final LongAdder unavailable = new LongAdder();
        private final LongAdder mistakes = new LongAdder();
    }

    private final LongSupplier ticker;
    private final Map<Verb, Calls> calls = new EnumMap<>(Verb.class);
    private volatile @Nullable String trouble;

    public StoreMeters(LongSupplier ticker) {
        this.ticker = ticker;
        for (Verb verb : Verb.values()) {
            calls.put(verb, new Calls());
        }
    }

    <T> T time(Verb verb, Supplier<T> call) {
        Calls of = Objects.requireNonNull(calls.get(verb));
        long begin = ticker.getAsLong();
        try {
            T answer = call.get();
            trouble = null;
            return answer;
        } catch (StoreUnavailableException e) {
            of.unavailable.increment();
            trouble = verb.label() + ": " + e.getMessage();
            throw e;
        } catch (RuntimeException e) {
            of.mistakes.increment();
            throw e;
        } finally {
            of.count.increment();
            of.nanos.add(ticker.getAsLong() - begin);
        }
    }

    /** What the newest call met with, if the store did not answer it. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        calls.forEach((verb, of) -> {
            Map<String, String> tags = Map.of("call", verb.label());
            meters.add(new Meter.Timer(
                    "curfew.store.calls",
                    "calls of the store, failed ones included",
                    tags,
                    of.count::sum,
                    of.nanos::sum));
            meters.add(error(verb, "unavailable", of.unavailable));
            meters.add(error(verb, "unexpected", of.mistakes));
        });
        return meters;
    }

    private static Meter error(Verb verb, String kind, LongAdder count) {
        return new Meter.Counter(
                "curfew.store.errors",
                "calls of the store that failed",
                Map.of("call", verb.label(), "kind", kind),
                count::sum);
    }
}
