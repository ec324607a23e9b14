package dev.curfew.watch;

import dev.curfew.session.LookupKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Watches under the keys of their tokens, sessions and subjects, which no two kinds share. Thread-safe: whoever looks
 * without a lock finds each watch that was there before and is still there.
 */
final class WatchesByKey {
    /** Of one watch an immutable set, which is small, and of several one that changes. */
    private final ConcurrentHashMap<LookupKey, Set<Watch>> byKey = new ConcurrentHashMap<>();

    void add(@Nullable LookupKey key, Watch watch) {
        if (key != null) {
            byKey.compute(key, (same, present) -> present == null ? Set.of(watch) : with(present, watch));
        }
    }

    void remove(@Nullable LookupKey key, Watch watch) {
        if (key != null) {
            byKey.computeIfPresent(key, (same, present) -> without(present, watch));
        }
    }

    Set<Watch> find(LookupKey key) {
        return byKey.getOrDefault(key, Set.of());
    }

    int size() {
        return byKey.size();
    }

    private static Set<Watch> with(Set<Watch> present, Watch watch) {
        if (present.size() > 1) {
            present.add(watch);
            return present;
        }
        Set<Watch> several = ConcurrentHashMap.newKeySet();
        several.addAll(present);
        several.add(watch);
        return several;
    }

    private static @Nullable Set<Watch> without(Set<Watch> present, Watch watch) {
        if (!present.contains(watch)) {
            return present;
        }
        if (present.size() == 1) {
            return null;
        }
        present.remove(watch);
        return present.size() == 1 ? Set.copyOf(present) : present;
    }
}
