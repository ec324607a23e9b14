package dev.curfew.watch;

import dev.curfew.meter.Counts;
import dev.curfew.meter.Meter;
import dev.curfew.watch.WatchNews.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** Counts what watchers were told. Thread-safe. */
final class WatchMeters {
    private final Counts<Kind> told = new Counts<>(Kind.class);
    private final LongAdder refused = new LongAdder();
    private final LongAdder waiting = new LongAdder();

    void told(Kind kind) {
        told.increment(kind);
    }

    void refused() {
        refused.increment();
    }

    /** A watch has something to tell. */
    void waits() {
        waiting.increment();
    }

    /** … and is being told. */
    void waitsNoMore() {
        waiting.decrement();
    }

    List<Meter> meters(IntSupplier size) {
        List<Meter> all = new ArrayList<>(told.meters("curfew.watches.told", "news told to session watchers", "news"));
        all.add(new Meter.Counter("curfew.watches.refused", "watches refused, too many", Map.of(), refused::sum));
        all.add(new Meter.Gauge(
                "curfew.watches", "sessions and tokens that are watched", "", Map.of(), size::getAsInt));
        all.add(new Meter.Gauge(
                "curfew.watches.waiting", "watches with news not told yet", "", Map.of(), waiting::sum));
        return all;
    }
}
