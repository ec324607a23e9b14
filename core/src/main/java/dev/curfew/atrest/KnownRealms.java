package dev.curfew.atrest;

import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The realms that this node has met, by key, so that a row can be told with the name of its realm. Thread-safe. */
public final class KnownRealms {
    private static final int MAX = 100_000;

    private final Map<LookupKey, Realm> byKey = new ConcurrentHashMap<>();

    /** Remembers a realm as long as there is room; one that is forgotten costs an event the name of its subject. */
    public void add(Realm realm) {
        if (byKey.size() < MAX) {
            byKey.putIfAbsent(realm.key(), realm);
        }
    }

    public Optional<Realm> find(LookupKey key) {
        return Optional.ofNullable(byKey.get(key));
    }
}
