package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.StoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/**
 * Up to when the store has forgotten: a column of the birth marker, which every verb that judges reads in the statement
 * that brings the revocations, or in a later one.
 */
final class Horizon {
    /** The same beside anything else that a statement reads; null only if the birth marker is gone. */
    static final String COLUMN = "(SELECT COALESCE(b.horizon, 0) FROM curfew_revocation b WHERE b.id = ?)";

    private static final String LOCK = "SELECT r.horizon FROM curfew_revocation r WHERE r.id = ? FOR UPDATE";
    private static final String SET = "UPDATE curfew_revocation SET horizon = ? WHERE id = ?";

    private Horizon() {}

    /** Refuses to judge at an instant before it. */
    static void require(String operation, Instant now, Instant horizon) {
        if (now.isBefore(horizon)) {
            throw new BeforeHorizonException(operation, now, horizon);
        }
    }

    /** The same of what {@link #COLUMN} brought. */
    static void require(String operation, Instant now, ResultSet row, int column) throws SQLException {
        Instant horizon = Parameters.instantOf(row, column);
        if (row.wasNull()) {
            throw StoreUnavailableException.ofWrite(operation, null);
        }
        require(operation, now, horizon);
    }

    /** Reads it again, for a step whose statements cannot bring it. */
    static void require(Call call, String operation, Instant now) throws SQLException {
        require(
                operation,
                now,
                read(call, "SELECT r.horizon FROM curfew_revocation r WHERE r.id = ?")
                        .orElse(now));
    }

    /**
     * Raises it before something forgotten is removed in the same transaction; it is never lowered.
     *
     * @return false if the birth marker is gone, so that nothing may be removed
     */
    static boolean raise(Call call, Instant to) throws SQLException {
        Optional<Instant> stands = read(call, LOCK);
        if (stands.isPresent() && stands.get().isBefore(to)) {
            set(call, to);
        }
        return stands.isPresent();
    }

    /** Puts it where an administrator says; false if the birth marker is gone. */
    static boolean reset(Call call, Instant to) throws SQLException {
        boolean stands = read(call, LOCK).isPresent();
        if (stands) {
            set(call, to);
        }
        return stands;
    }

    private static Optional<Instant> read(Call call, String select) throws SQLException {
        try (Parameters query = call.prepare(select)) {
            return query.key(Births.ID).first(row -> Parameters.instantOf(row, 1));
        }
    }

    private static void set(Call call, Instant to) throws SQLException {
        LookupKey birth = Births.ID;
        try (Parameters update = call.prepare(SET)) {
            update.instant(to).key(birth).update();
        }
    }
}
