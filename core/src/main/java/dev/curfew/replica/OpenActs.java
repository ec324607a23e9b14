package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Acts that have joined a transaction of the host and whose instants are not fixed yet: each covers its whole target
 * meanwhile, except the exempt session. Any number of readers; writers take turns.
 *
 * <p>Every complete read of the feed brings each of them again, open or closed. One that a read does not bring was lost
 * by the store.
 */
final class OpenActs {
    private static final int MOST_CLOSED = 10_000;

    /** One of them; two acts of one target stand side by side, since each ends for itself. */
    record Act(LookupKey name, Revocation entry) {}

    private static final Act[] NONE = {};

    private final ConcurrentHashMap<LookupKey, Act[]> byTarget = new ConcurrentHashMap<>();
    private final Map<LookupKey, Act> byName = new HashMap<>();
    private final Set<LookupKey> missing = new HashSet<>();

    /** The last ones that were closed, because a feed may bring things in any order. */
    private final Map<LookupKey, Boolean> closed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<LookupKey, Boolean> eldest) {
            return size() > MOST_CLOSED;
        }
    };

    private volatile boolean isEmpty = true;

    boolean isEmpty() {
        return isEmpty;
    }

    /** The entry of such an act of this target that covers some facts, of several the one recorded first, or null. */
    @Nullable
    Revocation find(@Nullable LookupKey target, TokenFacts facts) {
        Revocation first = null;
        if (target != null) {
            for (Act act : byTarget.getOrDefault(target, NONE)) {
                Revocation entry = act.entry();
                if (entry.covers(facts)
                        && (first == null || Revocation.recordedFirst().compare(entry, first) < 0)) {
                    first = entry;
                }
            }
        }
        return first;
    }

    /** From now on it covers, unless it is known to be closed. */
    void open(LookupKey name, Revocation entry) {
        missing.remove(name);
        if (!closed.containsKey(name) && !byName.containsKey(name)) {
            Act act = new Act(name, entry);
            byName.put(name, act);
            byTarget.merge(entry.target().key(), new Act[] {act}, OpenActs::both);
            isEmpty = false;
        }
    }

    /** From now on it covers no more; what has become of it must have been added before. */
    void close(LookupKey name) {
        missing.remove(name);
        closed.put(name, Boolean.TRUE);
        Act act = byName.remove(name);
        if (act != null) {
            byTarget.computeIfPresent(act.entry().target().key(), (target, present) -> {
                Act[] staying = Arrays.stream(present)
                        .filter(other -> !other.name().equals(name))
                        .toArray(Act[]::new);
                return staying.length == 0 ? null : staying;
            });
            isEmpty = byName.isEmpty();
        }
    }

    /** A read begins; it is to bring all of these again. */
    void beginRead() {
        missing.clear();
        missing.addAll(byName.keySet());
    }

    /** The read is complete: those that it has not brought. */
    List<Act> lost() {
        List<Act> lost = new ArrayList<>();
        for (LookupKey name : missing) {
            Act act = byName.get(name);
            if (act != null) {
                lost.add(act);
            }
        }
        return lost;
    }

    private static Act[] both(Act[] present, Act[] added) {
        Act[] all = Arrays.copyOf(present, present.length + 1);
        all[present.length] = added[0];
        return all;
    }
}
