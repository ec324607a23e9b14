package dev.curfew.event;

import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the events that listeners without a queue of their own did not see. Thread-safe. */
final class EventLosses {
    private final AtomicLong count = new AtomicLong();
    private final TroubleLog log =
            new TroubleLog(EventPublisher.class, "events are lost", "events are told again", System::nanoTime);

    /** One is lost. */
    void add(String why) {
        count.incrementAndGet();
        log.failed(why);
    }

    /** So many are lost, about which the log knows. */
    void add(int more) {
        count.addAndGet(more);
    }

    /** An event found its place. */
    void none() {
        log.worked();
    }

    long count() {
        return count.get();
    }

    Meter meter() {
        return new Meter.Counter("curfew.events.lost", "events that listeners did not see", Map.of(), count::get);
    }
}
