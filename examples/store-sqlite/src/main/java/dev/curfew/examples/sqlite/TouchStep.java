package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoredSession;
import dev.curfew.store.Touch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes signs of life of sessions that live. Confined to one transaction. */
final class TouchStep {
    private final SessionTable sessions;
    private final Instant now;

    TouchStep(SessionTable sessions, Instant now) {
        this.sessions = sessions;
        this.now = now;
    }

    List<Touch> run(Collection<Touch> batch) {
        Map<LookupKey, StoredSession> live = live(batch);
        List<Touch> moved = new ArrayList<>();
        for (Touch touch : batch) {
            StoredSession row = live.get(touch.session().key());
            if (row != null && touch.lastSeen().isAfter(row.lastSeenAt())) {
                StoredSession next =
                        row.toBuilder().lastSeenAt(touch.lastSeen()).build();
                sessions.moveLastSeen(next);
                live.put(next.key(), next);
                moved.add(touch);
            }
        }
        return moved;
    }

    private Map<LookupKey, StoredSession> live(Collection<Touch> batch) {
        List<StoredSession> rows = sessions.findAll(
                batch.stream().map(touch -> touch.session().key()).toList());
        Map<LookupKey, StoredSession> live = new HashMap<>();
        for (FoundSession found : FoundSessions.judged(sessions.transaction(), rows, now)) {
            if (found.isLive(now)) {
                live.put(found.session().key(), found.session());
            }
        }
        return live;
    }
}
