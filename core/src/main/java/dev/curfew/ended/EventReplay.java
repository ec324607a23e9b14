package dev.curfew.ended;

import dev.curfew.atrest.SessionRows;
import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.event.EventPublisher;
import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CurfewException;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionsOfTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Replays the events of revocations that perhaps nobody was told of. Thread-safe.
 *
 * <p>These are what was ended shortly before this node started, because whoever ended it may have crashed, and what the
 * store has confirmed only after the call that wanted it had failed.
 *
 * <p>What may be lost: what was ended in a realm that this node does not know by name, more than ten minutes before,
 * before the newest 10,000, or while the node started without waiting for its index.
 */
public final class EventReplay {
    private static final int MOST = 10_000;
    private static final int CHUNK = 100;
    private static final int PAGE = 500;

    private final SessionsOfTarget store;
    private final SessionRows rows;
    private final RevocationEvents revocations;
    private final EventPublisher events;
    private final TroubleLog unknown = new TroubleLog(
            EventReplay.class,
            "what a revocation ended cannot be found out",
            "what revocations ended is found out again",
            System::nanoTime);

    public EventReplay(SessionsOfTarget store, SessionRows rows, RevocationEvents revocations, EventPublisher events) {
        this.store = store;
        this.rows = rows;
        this.revocations = revocations;
        this.events = events;
    }

    /** Works where events are delivered, a few entries at a time, so that what happens meanwhile comes in between. */
    public void replay(List<Revocation> entries, Instant now) {
        replayFrom(Math.max(0, entries.size() - MOST), entries, now);
    }

    private void replayFrom(int begin, List<Revocation> entries, Instant now) {
        if (begin < entries.size()) {
            int end = Math.min(entries.size(), begin + CHUNK);
            events.run(() -> {
                entries.subList(begin, end).forEach(entry -> replayOne(entry, now));
                replayFrom(end, entries, now);
            });
        }
    }

    private void replayOne(Revocation entry, Instant now) {
        try {
            Optional<Realm> realm = rows.realms().find(entry.target().realm());
            Context context = realm.isPresent() && entry.target().kind().namesSessions()
                    ? replayEnded(realm.get(), entry, now)
                    : new Context(null, null);
            revocations.replay(entry, context);
            unknown.worked();
        } catch (CurfewException e) {
            unknown.failed(e);
        }
    }

    /** Answers whom the entry is about, as far as a row says so. */
    private Context replayEnded(Realm realm, Revocation entry, Instant now) {
        Context context = new Context(null, null);
        Optional<ListQuery> query = Optional.of(ListQuery.all(PAGE));
        while (query.isPresent()) {
            var page = store.sessionsOf(entry.target(), query.get(), now);
            for (FoundSession found : page.sessions()) {
                Optional<Session> session = rows.readable(realm, found.session());
                if (session.isPresent()) {
                    Session told = session.get();
                    context = new Context(told.subject(), entry.target().kind().isCutOff() ? null : told.handle());
                    if (revocations.isEndedBy(entry, found)) {
                        revocations.replay(told.subject(), told.handle(), found.session(), entry);
                    }
                }
            }
            query = page.next().map(cursor -> ListQuery.all(PAGE).after(cursor));
        }
        return context;
    }
}
