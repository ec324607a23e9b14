package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.SessionTable;
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
public final class ListStep {
    private static final String BEHIND = " AND s.authenticated_at <= ? AND (s.authenticated_at < ?"
            + " OR s.created_at < ? OR s.created_at = ? AND s.session_key > ?)";

    private final SqlConnection connection;
    private final Instant now;

    public ListStep(SqlConnection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /** One row more than the page holds tells whether there is another page. */
    public FindQuery.Found read(LookupKey subject, LookupKey realm, ListQuery query) throws SQLException {
        String inner = "SELECT " + SessionTable.COLUMNS + " FROM curfew_session s WHERE s.subject_key = ?"
                + (query.after().isPresent() ? BEHIND : "")
                + (query.liveOnly() ? " AND " + LiveSessions.CONDITION : "")
                + SessionTable.ORDER + " LIMIT ?";
        try (Parameters select = connection.prepare(FindQuery.ofSelected(inner, SessionTable.ORDER))) {
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
            select.number(query.limit() + 1L).key(BirthMarker.KEY);
            return FindQuery.collect(select, now);
        }
    }

    /**
     * From where on to look for a page that holds anything, or nothing if this is the answer: a page of which no row
     * can be read names no place from which the next one would start.
     */
    public static Optional<ListQuery> onward(FindQuery.Found found, SessionPage page, ListQuery query) {
        if (!page.hasMore() || !page.sessions().isEmpty()) {
            return Optional.empty();
        }
        SessionCursor last = found.places().get(query.limit() - 1);
        // The key of a damaged row may name another place.
        return query.after().filter(from -> from.compareTo(last) >= 0).isPresent()
                ? Optional.empty()
                : Optional.of(query.after(last));
    }

    public static SessionPage page(FindQuery.Found found, ListQuery query, Instant now) {
        boolean hasMore = found.rows() > query.limit();
        // The row behind the page may be one that cannot be read.
        List<FoundSession> page = found.sessions().stream()
                .filter(one -> !hasMore || !one.session().key().equals(found.last(BirthMarker.KEY)))
                .filter(one -> !query.liveOnly() || one.isLive(now))
                .toList();
        return new SessionPage(page, hasMore);
    }
}
