package dev.curfew.ssf;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the next poll acknowledges (RFC 8936 section 2.4). Confined to one thread. */
final class Settled {
    private final Set<String> accepted = new LinkedHashSet<>();
    private final Map<String, RefusedSetException> refused = new LinkedHashMap<>();

    void accept(String key) {
        accepted.add(key);
    }

    void refuse(String key, RefusedSetException why) {
        refused.put(key, why);
    }

    boolean isEmpty() {
        return accepted.isEmpty() && refused.isEmpty();
    }

    /** All keys, in no order. */
    Set<String> keys() {
        Set<String> all = new LinkedHashSet<>(accepted);
        all.addAll(refused.keySet());
        return all;
    }

    List<String> accepted() {
        return new ArrayList<>(accepted);
    }

    Map<String, RefusedSetException> refused() {
        return refused;
    }

    /** Tells no refusal: a transmitter that does not take them gets what was accepted alone. */
    void clearRefused() {
        refused.clear();
    }

    void clear() {
        accepted.clear();
        refused.clear();
    }
}
