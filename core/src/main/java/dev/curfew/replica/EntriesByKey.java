package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Revocations by the key of their target, none of which another one makes superfluous. Any number of readers; one
 * writer.
 */
final class EntriesByKey {
    private static final Revocation[] NONE = {};

    private final ConcurrentHashMap<LookupKey, Revocation[]> byKey = new ConcurrentHashMap<>();
    private Iterator<LookupKey> sweeping = Collections.emptyIterator();

    /** Those of a target; the array is nobody's to change. */
    Revocation[] of(LookupKey key) {
        return byKey.getOrDefault(key, NONE);
    }

    /** Adds an entry; answers false if another one makes it superfluous. */
    boolean add(Revocation entry) {
        LookupKey key = entry.target().key();
        Revocation[] present = of(key);
        for (Revocation other : present) {
            if (other.replaces(entry)) {
                return false;
            }
        }
        Stream<Revocation> staying = Arrays.stream(present).filter(other -> !entry.supersedes(other));
        byKey.put(key, Stream.concat(staying, Stream.of(entry)).toArray(Revocation[]::new));
        return true;
    }

    /** All of them, in no order. */
    Stream<Revocation> stream() {
        return byKey.values().stream().flatMap(Arrays::stream);
    }

    /** Drops what is forgotten from the next few of the targets. */
    void sweep(Instant now, int count) {
        if (!sweeping.hasNext()) {
            sweeping = byKey.keySet().iterator();
        }
        for (int i = 0; i < count && sweeping.hasNext(); i++) {
            byKey.computeIfPresent(sweeping.next(), (key, present) -> {
                Revocation[] live = Arrays.stream(present)
                        .filter(entry -> !entry.isForgotten(now))
                        .toArray(Revocation[]::new);
                return live.length == 0 ? null : live;
            });
        }
    }
}
