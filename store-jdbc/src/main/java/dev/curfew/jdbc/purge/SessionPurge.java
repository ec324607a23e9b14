package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.FoundSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Removes one batch of sessions that have ended long enough ago. Confined to one thread. */
final class SessionPurge {
    private static final String BY_TIME = "SELECT s.session_key FROM curfew_session s WHERE s.ends_at <= ?"
            + " ORDER BY s.ends_at LIMIT ?" + PurgeBatch.SKIP_LOCKED;

    private static final String BY_KEY = "SELECT " + SessionTable.COLUMNS
            + " FROM curfew_session s WHERE s.session_key > ? ORDER BY s.session_key LIMIT ?";

    private static final String SAME = "SELECT s.session_key FROM curfew_session s WHERE s.session_key = ?"
            + " AND s.authenticated_at = ? AND s.created_at = ?" + PurgeBatch.SKIP_LOCKED;

    private static final String IN_ORDER = " ORDER BY s.session_key";

    private final SqlConnection connection;
    private final Instant now;
    private final Instant end;
    private final int limit;

    /**
     * Prepares a batch.
     *
     * @param end only what ended until then goes
     * @param limit how many go at most
     */
    SessionPurge(SqlConnection connection, Instant now, Instant end, int limit) {
        this.connection = connection;
        this.now = now;
        this.end = end;
        this.limit = limit;
    }

    /** Removes sessions that time ended. */
    PurgeBatch endedByTime() throws SQLException {
        List<byte[]> locked;
        try (SqlStatement select = connection.prepare(BY_TIME)) {
            locked = select.instant(end).number(limit).listBytes();
        }
        return remove(locked, find(locked), PurgeBatch.Walked.NOTHING);
    }

    /** Looks at some sessions, in the order of their keys, and removes those that a revocation ended. */
    PurgeBatch endedByRevocation(LookupKey after) throws SQLException {
        FindQuery.Found found;
        try (SqlStatement select = connection.prepare(FindQuery.ofSelected(BY_KEY, IN_ORDER))) {
            found = FindQuery.collect(select.key(after).number(PurgeBatch.SIZE).key(BirthMarker.KEY), now);
        }
        List<FoundSession> going = found.sessions().stream()
                .filter(one ->
                        one.endedBy().filter(by -> !by.revokedAt().isAfter(end)).isPresent())
                .limit(limit)
                .toList();
        List<FoundSession> gone = new ArrayList<>();
        for (FoundSession one : going) {
            if (locks(one)) {
                gone.add(one);
            }
        }
        List<byte[]> locked =
                gone.stream().map(one -> one.session().key().toBytes()).toList();
        return remove(locked, gone, new PurgeBatch.Walked(found.rows(), found.last(after)));
    }

    /** A foreign id may have been used again since; then another session stands there. */
    private boolean locks(FoundSession one) throws SQLException {
        try (SqlStatement select = connection.prepare(SAME)) {
            return select.key(one.session().key())
                    .instant(one.session().authenticatedAt())
                    .instant(one.session().createdAt())
                    .findsAny();
        }
    }

    /** What stands there, and cannot change because it is locked. */
    private List<FoundSession> find(List<byte[]> locked) throws SQLException {
        if (locked.isEmpty()) {
            return List.of();
        }
        String inner = "SELECT " + SessionTable.COLUMNS + " FROM curfew_session s WHERE s.session_key IN ("
                + SqlStatement.marks(locked.size()) + ")";
        try (SqlStatement select = connection.prepare(FindQuery.ofSelected(inner, IN_ORDER))) {
            return FindQuery.collect(select.bytes(locked).key(BirthMarker.KEY), now)
                    .sessions();
        }
    }

    private PurgeBatch remove(List<byte[]> locked, List<FoundSession> gone, PurgeBatch.Walked walked)
            throws SQLException {
        List<ExpiredSession> expired =
                gone.stream().flatMap(one -> one.endedByTime(now).stream()).toList();
        int removed = PurgeBatch.delete(connection, "DELETE FROM curfew_session WHERE session_key = ?", locked);
        return PurgeBatch.ofSessions(removed, expired, walked);
    }
}
