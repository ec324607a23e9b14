package dev.curfew.status;

import dev.curfew.meter.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts places that were given to tokens, and answers to who asks for a list. Thread-safe. */
final class ListCounts {
    final LongAdder given = new LongAdder();
    final LongAdder notGiven = new LongAdder();
    final LongAdder published = new LongAdder();
    final LongAdder unavailable = new LongAdder();
    final LongAdder refused = new LongAdder();

    List<Meter> meters() {
        List<Meter> meters = new ArrayList<>();
        String places = "places in status lists that were asked for";
        meters.add(meter("curfew.statuslist.places", places, "given", given));
        meters.add(meter("curfew.statuslist.places", places, "failed", notGiven));
        String answers = "answers to who asked for a status list";
        meters.add(meter("curfew.statuslist.answers", answers, "published", published));
        meters.add(meter("curfew.statuslist.answers", answers, "unavailable", unavailable));
        meters.add(meter("curfew.statuslist.answers", answers, "refused", refused));
        return List.copyOf(meters);
    }

    private static Meter meter(String name, String what, String result, LongAdder count) {
        return new Meter.Counter(name, what, Map.of("result", result), count::sum);
    }
}
