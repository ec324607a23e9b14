package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the sessions of a client or a realm in the order of their keys, with what covers them. */
public final class ScopeQuery {
    private static final String IN_ORDER = " ORDER BY s.session_key";
    private static final String PLACE =
            "SELECT s.session_key FROM curfew_session s WHERE s.session_key > ?" + IN_ORDER + " LIMIT 1 OFFSET ?";

    private ScopeQuery() {}

    /**
     * What stands between two places.
     *
     * @param found the sessions with what covers them
     * @param rows how many stand there, read or not
     * @param last the place of the last of them, or nothing if none stands there
     */
    public record Part(
            FindQuery.Found found, int rows, @Nullable LookupKey last) {
        /** The same, if the birth marker stood beside it. */
        public Optional<Part> besideBirth() {
            return found.besideBirth().map(same -> this);
        }
    }

    /** One statement: the first sessions behind a place, and up to another one if there is one. */
    public static Part read(
            SqlConnection connection,
            RevocationTarget clientOrRealm,
            LookupKey after,
            @Nullable LookupKey until,
            int limit,
            Instant now)
            throws SQLException {
        String column = clientOrRealm.kind() == RevocationTarget.Kind.REALM ? "s.realm_key" : "s.client_key";
        String inner = "SELECT " + SessionTable.COLUMNS + " FROM curfew_session s WHERE " + column
                + " = ? AND s.session_key > ?" + (until == null ? "" : " AND s.session_key <= ?") + IN_ORDER
                + " LIMIT ?";
        try (SqlStatement select = connection.prepare(FindQuery.ofSelected(inner, IN_ORDER))) {
            select.key(clientOrRealm.key()).key(after);
            if (until != null) {
                select.key(until);
            }
            select.number(limit).key(BirthMarker.KEY);
            return collect(select, now);
        }
    }

    private static Part collect(SqlStatement select, Instant now) throws SQLException {
        Set<ByteBuffer> rows = new LinkedHashSet<>();
        List<LookupKey> places = new ArrayList<>();
        List<FindQuery.Pair> pairs = select.list(row -> {
            byte[] key = row.getBytes(1);
            if (key != null && rows.add(ByteBuffer.wrap(key))) {
                places.add(KeyPlace.of(key));
            }
            return FindQuery.pair(row);
        });
        return new Part(
                FindQuery.collect(pairs, now), places.size(), places.isEmpty() ? null : places.get(places.size() - 1));
    }

    /** The place so many rows behind another one, whosesoever they are; nothing if fewer stand there. */
    public static Optional<LookupKey> place(SqlConnection connection, LookupKey after, int rows) throws SQLException {
        try (SqlStatement select = connection.prepare(PLACE)) {
            return select.key(after).number(rows - 1).first(row -> KeyPlace.of(row.getBytes(1)));
        }
    }
}
