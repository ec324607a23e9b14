package dev.curfew.quota;

import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which revocations of single tokens and sessions this node has recorded, by whoever caused them. Thread-safe.
 *
 * <p>Memory is bounded: of 100,000 entries the owners touched least lose theirs first, which can only allow them more.
 */
public final class EntryCounts {
    private final int maxEntries;
    private final Map<LookupKey, Map<LookupKey, Instant>> owners = new LinkedHashMap<>(16, 0.75f, true);
    private int entries;

    public EntryCounts(int maxEntries) {
        this.maxEntries = maxEntries;
    }

    /** Counts an entry once, however often it is told. */
    public synchronized void add(LookupKey owner, LookupKey entry, Instant forgetAfter) {
        if (owners.computeIfAbsent(owner, none -> new HashMap<>()).put(entry, forgetAfter) == null) {
            entries++;
        }
        Iterator<Map<LookupKey, Instant>> eldest = owners.values().iterator();
        while (entries > maxEntries && owners.size() > 1) {
            entries -= eldest.next().size();
            eldest.remove();
        }
    }

    /** Whether an entry is among those counted. */
    public synchronized boolean contains(LookupKey owner, LookupKey entry) {
        return owners.getOrDefault(owner, Map.of()).containsKey(entry);
    }

    /**
     * How many of an owner's entries are not forgotten yet. Costs a look at each of them only from {@code enough} on.
     */
    public synchronized int countUpTo(int enough, LookupKey owner, Instant now) {
        Map<LookupKey, Instant> own = owners.get(owner);
        if (own == null) {
            return 0;
        }
        if (own.size() >= enough) {
            int before = own.size();
            own.values().removeIf(forgetAfter -> !now.isBefore(forgetAfter));
            entries -= before - own.size();
        }
        return own.size();
    }
}
