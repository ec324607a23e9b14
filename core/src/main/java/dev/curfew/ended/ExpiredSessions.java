package dev.curfew.ended;

import dev.curfew.atrest.SessionRows;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEvent.SessionExpired;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells which sessions time has ended, once their rows are gone. Thread-safe. */
public final class ExpiredSessions {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiredSessions.class);

    private final SessionRows rows;
    private final EventPublisher events;

    public ExpiredSessions(SessionRows rows, EventPublisher events) {
        this.rows = rows;
        this.events = events;
    }

    public void publish(List<ExpiredSession> expired, Instant now) {
        if (!expired.isEmpty()) {
            events.run(() -> expired.forEach(one -> deliver(one, now)));
        }
    }

    private void deliver(ExpiredSession expired, Instant now) {
        StoredSession row = expired.session();
        SubjectId subject = rows.realms()
                .find(row.realmKey())
                .flatMap(realm -> rows.readable(realm, row))
                .map(Session::subject)
                .orElse(null);
        Optional<SessionHandle> handle = rows.handleOf(row);
        if (handle.isEmpty()) {
            LOG.error("session {} has expired and is gone, and nobody can read whose it was", row.key());
            return;
        }
        // Until then no revocation of a session is forgotten, and one that nothing covers had none to be superseded.
        boolean isProven = !expired.isCovered() && now.isBefore(row.forgetAfter());
        events.deliver(
                new SessionExpired(RevocationEvents.endedId(row), row.endsByTime(), subject, handle.get(), isProven));
    }
}
