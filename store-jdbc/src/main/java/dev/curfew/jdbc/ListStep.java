package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A page of a subject's sessions, in one statement. Confined to one thread. */
final class ListStep {
    /** That of a {@code SessionCursor}, and of the index of a subject's sessions. */
    static final String ORDER = " ORDER BY s.authenticated_at DESC, s.created_at DESC, s.session_key";

    private static final String BEHIND = " AND s.authenticated_at <= ? AND (s.authenticated_at < ?"
            + " OR s.created_at < ? OR s.created_at = ? AND s.session_key > ?)";

    private final Call call;
    private final Instant now;

    ListStep(Call call, Instant now) {
        this.call = call;
        this.now = now;
    }

    /** One row more than the page holds tells whether there is another page. */
    FindQuery.Found read(LookupKey subject, LookupKey realm, ListQuery query) throws SQLException {
        String inner = "SELECT " + SessionRows.COLUMNS + " FROM curfew_session s WHERE s.subject_key = ?"
                + (query.after().isPresent() ? BEHIND : "")
                + (query.liveOnly() ? " AND " + LiveSessions.CONDITION : "")
                + ORDER + " LIMIT ?";
        try (Parameters select = call.prepare(FindQuery.ofSelected(inner, ORDER))) {
            select.key(subject);
            if (query.after().isPresent()) {
                SessionCursor cursor = query.after().get();
                select.instant(cursor.authenticatedAt())
                        .instant(cursor.authenticatedAt())
                        .instant(cursor.createdAt())
                        .instant(cursor.createdAt())
                        .key(cursor.key());
            }
            if (query.liveOnly()) {
                LiveSessions.bind(select, subject, realm, now);
            }
            select.number(query.limit() + 1L).key(Births.KEY);
            return FindQuery.collect(select, now);
        }
    }

    /**
     * From where on to look for a page that holds anything, or nothing if this is the answer: a page of which no row
     * can be read names no place from which the next one would start.
     */
    static Optional<ListQuery> onward(FindQuery.Found found, SessionPage page, ListQuery query) {
        if (!page.hasMore() || !page.sessions().isEmpty()) {
            return Optional.empty();
        }
        SessionCursor last = found.places().get(query.limit() - 1);
        // The key of a damaged row may name another place.
        return query.after().filter(from -> from.compareTo(last) >= 0).isPresent()
                ? Optional.empty()
                : Optional.of(query.after(last));
    }

    static SessionPage page(FindQuery.Found found, ListQuery query, Instant now) {
        boolean hasMore = found.rows() > query.limit();
        // The row behind the page may be one that cannot be read.
        List<FoundSession> page = found.sessions().stream()
                .filter(one -> !hasMore || !one.session().key().equals(found.last(Births.KEY)))
                .filter(one -> !query.liveOnly() || one.isLive(now))
                .toList();
        return new SessionPage(page, hasMore);
    }
}
