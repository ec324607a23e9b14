package dev.curfew.watch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Watches by the next instant at which something is to be done about them. Thread-safe. */
final class DueWatches {
    private record Due(long millis, long number) implements Comparable<Due> {
        private static final Comparator<Due> ORDER =
                Comparator.comparingLong(Due::millis).thenComparingLong(Due::number);

        @Override
        public int compareTo(Due other) {
            return ORDER.compare(this, other);
        }
    }

    /** Guarded by this. */
    private final TreeMap<Due, Watch> byTime = new TreeMap<>();

    /** Guarded by this. */
    private final Map<Watch, Due> times = new HashMap<>();

    /** It is due then, and not when it was before; one that is over is not due at all. */
    synchronized void put(Watch watch, long millis) {
        remove(watch);
        if (watch.isOpen()) {
            Due due = new Due(millis, watch.number());
            times.put(watch, due);
            byTime.put(due, watch);
        }
    }

    synchronized void remove(Watch watch) {
        Due due = times.remove(watch);
        if (due != null) {
            byTime.remove(due);
        }
    }

    /** Takes out those that are due, so many at most, the earliest in front. */
    synchronized List<Watch> take(long nowMillis, int most) {
        List<Watch> taken = new ArrayList<>();
        while (taken.size() < most && !byTime.isEmpty() && byTime.firstKey().millis() <= nowMillis) {
            Watch watch = byTime.pollFirstEntry().getValue();
            times.remove(watch);
            taken.add(watch);
        }
        return taken;
    }

    synchronized int size() {
        return byTime.size();
    }
}
