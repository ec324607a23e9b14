package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ListQuery;
import dev.curfew.store.SessionCursor;
import java.sql.SQLException;
import java.time.Instant;

/** A page of a subject's sessions, in one statement. Confined to one thread. */
final class ListStep {
    private static final String BEHIND = " AND s.authenticated_at <= ? AND (s.authenticated_at < ?"
            + " OR s.created_at < ? OR s.created_at = ? AND s.session_key > ?)";

    private final SqlConnection connection;
    private final Instant now;

    ListStep(SqlConnection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /** One row more than the page holds tells whether there is another page. */
    FindQuery.Found read(LookupKey subject, LookupKey realm, ListQuery query) throws SQLException {
        String inner = "SELECT " + SessionTable.COLUMNS + " FROM curfew_session s WHERE s.subject_key = ?"
                + (query.after().isPresent() ? BEHIND : "")
                + (query.liveOnly() ? " AND " + LiveSessions.CONDITION : "")
                + SessionTable.ORDER + " LIMIT ?";
        try (SqlStatement select = connection.prepare(FindQuery.ofSelected(inner, SessionTable.ORDER))) {
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
}
