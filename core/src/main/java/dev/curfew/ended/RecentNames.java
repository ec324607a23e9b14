package dev.curfew.ended;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The last names of events that this node has told, so that it does not tell them again. Thread-safe. */
final class RecentNames {
    private static final int MAX = 10_000;

    private final Set<String> names =
            Collections.synchronizedSet(Collections.newSetFromMap(new LinkedHashMap<String, Boolean>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MAX;
                }
            }));

    /** Forgets a name that was not told after all. */
    void forget(String name) {
        names.remove(name);
    }

    /** Remembers a name; false if it is among the last ones. */
    boolean add(String name) {
        return names.add(name);
    }
}
