package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.StoredSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The session rows, by key and by subject. Guarded by its owner's lock. */
final class SessionTable {
    private final NavigableMap<LookupKey, StoredSession> byKey = new TreeMap<>();
    private final Map<LookupKey, NavigableMap<SessionCursor, StoredSession>> bySubject = new HashMap<>();

    int size() {
        return byKey.size();
    }

    @Nullable
    StoredSession get(LookupKey key) {
        return byKey.get(key);
    }

    void put(StoredSession session) {
        remove(session.key());
        byKey.put(session.key(), session);
        bySubject
                .computeIfAbsent(session.subjectKey(), subject -> new TreeMap<>())
                .put(SessionCursor.of(session), session);
    }

    void remove(LookupKey key) {
        StoredSession removed = byKey.remove(key);
        if (removed != null) {
            bySubject.computeIfPresent(removed.subjectKey(), (subject, sessions) -> {
                sessions.remove(SessionCursor.of(removed));
                return sessions.isEmpty() ? null : sessions;
            });
        }
    }

    /** The rows of a subject, the one that began last in front. */
    NavigableMap<SessionCursor, StoredSession> of(@Nullable LookupKey subject) {
        NavigableMap<SessionCursor, StoredSession> sessions = bySubject.get(subject);
        return sessions == null ? new TreeMap<>() : sessions;
    }

    Collection<StoredSession> all() {
        return byKey.values();
    }

    /** The rows behind a key, in the order of the keys; all of them if there is none. */
    Collection<StoredSession> behind(@Nullable LookupKey key) {
        return key == null ? all() : byKey.tailMap(key, false).values();
    }
}
