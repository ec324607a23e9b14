package dev.curfew.ended;

import dev.curfew.atrest.SessionRows;
import dev.curfew.event.EventPublisher;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionPage;
import dev.curfew.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells how a subject's sessions have ended, while their rows are still there to be asked. Thread-safe. */
public final class ErasedSessions {
    private final SessionStore store;
    private final SessionRows rows;
    private final RevocationEvents revocations;
    private final ExpiredSessions expired;
    private final EventPublisher events;

    public ErasedSessions(
            SessionStore store,
            SessionRows rows,
            RevocationEvents revocations,
            ExpiredSessions expired,
            EventPublisher events) {
        this.store = store;
        this.rows = rows;
        this.revocations = revocations;
        this.expired = expired;
        this.events = events;
    }

    /**
     * Tells how each session ended that a cut-off covers: by that, by whatever was recorded before (its node may have
     * crashed before it told), or by time. Nobody can tell once the row is gone. One round trip for each thousand
     * sessions of the subject; none if nobody listens.
     */
    public void tell(SubjectId subject, Revocation cutOff, Instant now) {
        if (!events.isHeard()) {
            return;
        }
        rows.realms().add(subject.realm());
        Optional<ListQuery> query = Optional.of(ListQuery.all(ListQuery.MAX_LIMIT));
        while (query.isPresent()) {
            SessionPage page = store.list(subject, query.get(), now);
            tell(subject, page.sessions(), cutOff, now);
            query = page.next().map(ListQuery.all(ListQuery.MAX_LIMIT)::after);
        }
    }

    private void tell(SubjectId subject, List<FoundSession> page, Revocation cutOff, Instant now) {
        List<ExpiredSession> ended = new ArrayList<>();
        for (FoundSession found : page) {
            if (!cutOff.covers(found.session().facts())) {
                continue;
            }
            found.endedByTime(now).ifPresentOrElse(ended::add, () -> tellRevoked(subject, found));
        }
        expired.publish(ended, now);
    }

    private void tellRevoked(SubjectId subject, FoundSession found) {
        Optional<SessionHandle> handle = rows.handleOf(found.session());
        Optional<Revocation> entry = found.endedBy();
        if (handle.isPresent() && entry.isPresent()) {
            revocations.endedBeforeErasure(subject, handle.get(), found.session(), entry.get());
        }
    }
}
