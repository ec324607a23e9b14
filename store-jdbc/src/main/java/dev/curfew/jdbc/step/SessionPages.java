package dev.curfew.jdbc.step;

import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Lists sessions page by page. Thread-safe. */
public final class SessionPages {
    private final OpenedDatabase database;

    public SessionPages(OpenedDatabase database) {
        this.database = database;
    }

    /** A page of a subject's sessions, in one statement, unless none of its rows can be read. */
    public SessionPage ofSubject(LookupKey subject, LookupKey realm, ListQuery query, Instant now) {
        FindQuery.Found found = database.read(
                        "list",
                        now,
                        connection -> new ListStep(connection, now)
                                .read(subject, realm, query)
                                .besideBirth())
                .behindHorizon("list", now);
        SessionPage page = page(found, query, now);
        return onward(found, page, query)
                .map(onward -> ofSubject(subject, realm, onward, now))
                .orElse(page);
    }

    /** The page with one session, if it stands there. */
    public SessionPage ofSession(LookupKey session, ListQuery query, Instant now) {
        return page(find(session, now), query, now);
    }

    /** What stands under a key, in one statement. */
    public FindQuery.Found find(LookupKey session, Instant now) {
        return database.read(
                        "find",
                        now,
                        connection -> FindQuery.one(connection, session, now).besideBirth())
                .behindHorizon("find", now);
    }

    private static SessionPage page(FindQuery.Found found, ListQuery query, Instant now) {
        boolean hasMore = found.rows() > query.limit();
        // The row behind the page may be one that cannot be read.
        List<FoundSession> page = found.sessions().stream()
                .filter(one -> !hasMore || !one.session().key().equals(found.last(BirthMarker.KEY)))
                .filter(one -> query.includes(one, now))
                .toList();
        return new SessionPage(page, hasMore);
    }

    /**
     * From where on to look for a page that holds anything, or nothing if this is the answer: a page of which no row
     * can be read names no place from which the next one would start.
     */
    private static Optional<ListQuery> onward(FindQuery.Found found, SessionPage page, ListQuery query) {
        if (!page.hasMore() || !page.sessions().isEmpty()) {
            return Optional.empty();
        }
        SessionCursor last = found.places().get(query.limit() - 1);
        // The key of a damaged row may name another place.
        return query.after().filter(from -> from.compareTo(last) >= 0).isPresent()
                ? Optional.empty()
                : Optional.of(query.after(last));
    }
}
