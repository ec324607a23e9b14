package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.SessionPage;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

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

    static SessionPage page(FindQuery.Found found, ListQuery query, Instant now) {
        List<FoundSession> rows = found.sessions();
        boolean hasMore = rows.size() > query.limit();
        List<FoundSession> page = (hasMore ? rows.subList(0, query.limit()) : rows)
                .stream().filter(one -> !query.liveOnly() || one.isLive(now)).toList();
        return new SessionPage(page, hasMore);
    }
}
