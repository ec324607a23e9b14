package dev.curfew;

import dev.curfew.RevocationEvents.Context;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionsOfTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Tells again what was ended shortly before this node started: whoever ended it may have crashed before anybody was told. Thread-safe.
 *
 * <p>What may be lost: what was ended in a realm that this node does not know by name, or more than ten minutes before.
 */
final class MissedEvents {
    private static final int PAGE = 500;

    private final SessionsOfTarget store;
    private final SessionRows rows;
    private final RevocationEvents events;

    MissedEvents(SessionsOfTarget store, SessionRows rows, RevocationEvents events) {
        this.store = store;
        this.rows = rows;
        this.events = events;
    }

    /** Pages through the sessions that these entries name. */
    void tell(List<Revocation> entries, Instant now) {
        for (Revocation entry : entries) {
            Optional<Realm> realm = rows.realms().find(entry.target().realm());
            Context context = realm.isPresent() && namesSessions(entry)
                    ? tellEnded(realm.get(), entry, now)
                    : new Context(null, null);
            events.retell(entry, context);
        }
    }

    private static boolean namesSessions(Revocation entry) {
        return switch (entry.target().kind()) {
            case SESSION, FOREIGN_SESSION, SUBJECT -> true;
            case TOKEN, CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    /** Answers whom the entry is about, as far as a row says so. */
    private Context tellEnded(Realm realm, Revocation entry, Instant now) {
        Context context = new Context(null, null);
        Optional<ListQuery> query = Optional.of(ListQuery.all(PAGE));
        while (query.isPresent()) {
            var page = store.sessionsOf(entry.target(), query.get(), now);
            for (FoundSession found : page.sessions()) {
                Optional<Session> session = rows.readable(realm, found.session(), now);
                if (session.isPresent()) {
                    Session told = session.get();
                    context = new Context(told.subject(), entry.target().kind().isCutOff() ? null : told.handle());
                    if (events.isEndedBy(entry, found)) {
                        events.retell(told.subject(), told.handle(), found.session(), entry);
                    }
                }
            }
            query = page.next().map(cursor -> ListQuery.all(PAGE).after(cursor));
        }
        return context;
    }
}
