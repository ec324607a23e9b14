package dev.curfew.activity;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The latest sighting of each session that waits to be written, of so many sessions at most. Thread-safe. */
final class WaitingSightings {
    private final int most;

    /** In the order in which sessions began to wait. Guarded by this. */
    private final Map<LookupKey, Sighting> waiting = new LinkedHashMap<>();

    WaitingSightings(int most) {
        this.most = most;
    }

    /**
     * Adds one, or leaves a later one of its session; answers false if there is no room for another session. What is
     * later than now was seen while the clock was ahead, and gives way.
     */
    synchronized boolean add(Sighting sighting, Instant now) {
        if (waiting.size() >= most && !waiting.containsKey(sighting.key())) {
            return false;
        }
        waiting.merge(sighting.key(), sighting, (a, b) -> isLater(a, b, now) ? a : b);
        return true;
    }

    private static boolean isLater(Sighting present, Sighting added, Instant now) {
        return present.at().isAfter(added.at()) && !present.at().isAfter(now);
    }

    /** Takes those out that have waited longest. */
    synchronized List<Sighting> take(int limit) {
        List<Sighting> taken = new ArrayList<>();
        Iterator<Sighting> first = waiting.values().iterator();
        while (first.hasNext() && taken.size() < limit) {
            taken.add(first.next());
            first.remove();
        }
        return taken;
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
