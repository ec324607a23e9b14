package dev.curfew.jdbc.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * What only PostgreSQL's own driver knows of a connection, and says without asking the server. The driver is optional,
 * and a pool may hide it: then there is no answer.
 */
final class PostgreSqlDriver {
    private PostgreSqlDriver() {}

    /** Whether the connection is in the middle of a transaction, be it one that has only read. */
    static Optional<Boolean> isInTransaction(Connection connection) {
        try {
            return Optional.of(connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE);
        } catch (SQLException | RuntimeException | NoClassDefFoundError e) {
            return Optional.empty();
        }
    }

    /**
     * Whether the process that serves the connection is another one than was promised when it was made: then a pooler
     * stands in between, and the next statement may be served by yet another one.
     *
     * @param servedBy what {@code pg_backend_pid()} says
     */
    static boolean isBehindPooler(Connection connection, long servedBy) {
        try {
            return connection.unwrap(PGConnection.class).getBackendPID() != servedBy;
        } catch (SQLException | RuntimeException | NoClassDefFoundError e) {
            return false;
        }
    }

    /**
     * Lets no statement get a name at the server, BEGIN and COMMIT included: behind a pooler another client's statement
     * may have the same name there.
     *
     * @return after how many uses a statement got a name before, if the driver says so
     */
    static OptionalInt withoutNames(Connection connection) {
        try {
            PGConnection driver = connection.unwrap(PGConnection.class);
            int old = driver.getPrepareThreshold();
            driver.setPrepareThreshold(0);
            return OptionalInt.of(old);
        } catch (SQLException | RuntimeException | NoClassDefFoundError e) {
            // Hidden by the pool: what the server answers then is explained.
            return OptionalInt.empty();
        }
    }

    /** Undoes that. */
    static void withNamesAfter(Connection connection, int uses) throws SQLException {
        connection.unwrap(PGConnection.class).setPrepareThreshold(uses);
    }
}
