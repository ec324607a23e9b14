package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.StoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * The instant up to which the store has forgotten. It is a column of the birth marker, which every verb that judges
 * reads together with the revocations, or after them.
 */
public final class Horizon {
    /** Reads it beside anything else in a statement; null only if the birth marker is gone. */
    public static final String COLUMN = "(SELECT COALESCE(b.horizon, 0) FROM curfew_revocation b WHERE b.id = ?)";

    private static final String LOCK = "SELECT r.horizon FROM curfew_revocation r WHERE r.id = ? FOR UPDATE";
    private static final String SET = "UPDATE curfew_revocation SET horizon = ? WHERE id = ?";

    private Horizon() {}

    /** Refuses to judge at an instant before it. */
    public static void require(String operation, Instant now, Instant horizon) {
        if (now.isBefore(horizon)) {
            throw new BeforeHorizonException(operation, now, horizon);
        }
    }

    /** The same of what {@link #COLUMN} brought. */
    public static void require(String operation, Instant now, ResultSet row, int column) throws SQLException {
        Instant horizon = Columns.instantOf(row, column);
        if (row.wasNull()) {
            throw StoreUnavailableException.ofWrite(operation, null);
        }
        require(operation, now, horizon);
    }

    /** Reads it again, for a step whose statements cannot bring it. */
    public static void require(SqlConnection connection, String operation, Instant now) throws SQLException {
        require(
                operation,
                now,
                read(connection, "SELECT r.horizon FROM curfew_revocation r WHERE r.id = ?")
                        .orElse(now));
    }

    /**
     * Raises it before something forgotten is removed in the same transaction; it is never lowered.
     *
     * @return false if the birth marker is gone, so that nothing may be removed
     */
    public static boolean raise(SqlConnection connection, Instant to) throws SQLException {
        Optional<Instant> stands = read(connection, LOCK);
        if (stands.isPresent() && stands.get().isBefore(to)) {
            set(connection, to);
        }
        return stands.isPresent();
    }

    /** Puts it where an administrator says; false if the birth marker is gone. */
    public static boolean reset(SqlConnection connection, Instant to) throws SQLException {
        boolean stands = read(connection, LOCK).isPresent();
        if (stands) {
            set(connection, to);
        }
        return stands;
    }

    private static Optional<Instant> read(SqlConnection connection, String select) throws SQLException {
        try (SqlStatement query = connection.prepare(select)) {
            return query.key(BirthMarker.ID).first(row -> Columns.instantOf(row, 1));
        }
    }

    private static void set(SqlConnection connection, Instant to) throws SQLException {
        try (SqlStatement update = connection.prepare(SET)) {
            update.instant(to).key(BirthMarker.ID).update();
        }
    }
}
