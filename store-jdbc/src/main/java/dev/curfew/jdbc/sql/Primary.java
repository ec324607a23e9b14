package dev.curfew.jdbc.sql;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * Asks, as a part of another statement, whether the server is a writable primary: what any other one answers may be
 * old.
 *
 * <p>It costs no round trip: the answer is one more column of the birth marker, which every read asks for. A primary
 * that cannot write for now (its disk is full, the user may only read) is a writable primary all the same. Two servers
 * that both believe to be the primary cannot be told apart.
 */
public final class Primary {
    private Primary() {}

    /** Puts in what answers that question, for {@code {primary}}: 1 on a writable primary, else 0. */
    static String askedIn(String sql, Dialect dialect) {
        return sql.replace("{primary}", question(dialect));
    }

    /**
     * Reads the answer.
     *
     * @throws NotPrimaryException if the server is none; the store answers that as an outage and drops the connection
     */
    public static void require(ResultSet row, int column) throws SQLException {
        if (row.getInt(column) != 1) {
            throw new NotPrimaryException();
        }
    }

    private static String question(Dialect dialect) {
        return switch (dialect) {
            case POSTGRESQL ->
                "CASE WHEN pg_is_in_recovery() OR current_setting('transaction_read_only') <> 'off' THEN 0 ELSE 1 END";
            // Newer MariaDB has more values than two, which are words.
            case MYSQL -> "CASE WHEN CONCAT(@@GLOBAL.read_only) IN ('0', 'OFF') THEN 1 ELSE 0 END";
            case H2 -> "CASE WHEN READONLY() THEN 0 ELSE 1 END";
        };
    }
}
