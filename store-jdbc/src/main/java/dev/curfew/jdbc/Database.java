package dev.curfew.jdbc;

import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Runs the store's steps, each on a connection of its own and in a transaction of its own. Thread-safe.
 *
 * <p>A reading step is one statement in autocommit, which costs one round trip whatever the isolation is. A writing step is a
 * READ COMMITTED transaction, repeated a few times if the database gave another one precedence. Whatever was changed at the
 * connection is put back before the pool gets it.
 */
final class Database implements AutoCloseable {
    /** What a step does with its connection. */
    interface Step<T> {
        T run(Call call) throws SQLException;
    }

    private final ConnectionSource source;
    private final TableNames names;
    private final Duration timeout;
    private final int attempts;
    private final ServerClock clock;

    /** Found out at the first connection if the host does not say it. */
    private volatile @Nullable SqlDialect dialect;

    Database(
            ConnectionSource source,
            TableNames names,
            Duration timeout,
            int attempts,
            @Nullable SqlDialect dialect,
            ServerClock clock) {
        this.source = source;
        this.names = names;
        this.timeout = timeout;
        this.attempts = attempts;
        this.dialect = dialect;
        this.clock = clock;
    }

    ServerClock clock() {
        return clock;
    }

    TableNames names() {
        return names;
    }

    /** The same for steps that may take longer. */
    Database within(Duration longer) {
        return new Database(source, names, longer, attempts, dialect, clock);
    }

    @Override
    public void close() {
        source.close();
    }

    /** One statement that changes nothing. */
    <T> T read(String operation, Step<T> step) {
        return run(operation, true, step);
    }

    /** One transaction. */
    <T> T write(String operation, Step<T> step) {
        return run(operation, false, step);
    }

    SqlDialect dialect() {
        SqlDialect known = dialect;
        return known != null ? known : read("detection of the dialect", Call::dialect);
    }

    private <T> T run(String operation, boolean autoCommit, Step<T> step) {
        Deadline deadline = Deadline.in(timeout);
        StoreUnavailableException failure = null;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(deadline, autoCommit, step);
            } catch (SQLException e) {
                if (failure == null) {
                    SqlDialect known = dialect;
                    if (known != null && known.isMistake(e)) {
                        throw new SchemaException(operation, e);
                    }
                    failure = autoCommit
                            ? new StoreUnavailableException(operation, e)
                            : StoreUnavailableException.ofWrite(operation, e);
                } else {
                    failure.addSuppressed(e);
                }
                if (attempt >= attempts || deadline.isOver() || !isConflict(e)) {
                    throw failure;
                }
                pause(attempt, failure);
            }
        }
    }

    private <T> T attempt(Deadline deadline, boolean autoCommit, Step<T> step) throws SQLException {
        Connection connection = source.get(deadline);
        try (connection) {
            SqlDialect spoken = dialectOf(connection);
            try (Settings settings = Settings.change(connection, spoken, autoCommit, deadline)) {
                T result;
                try {
                    Call call = new Call(connection, spoken, names, clock, deadline);
                    if (!autoCommit && spoken.boundsStatements()) {
                        call.beginWith(spoken.begin(timeout.toMillis()));
                    }
                    result = step.run(call);
                } catch (SQLException | RuntimeException | Error e) {
                    settings.rollBack(e);
                    throw e;
                }
                settings.commit();
                return result;
            }
        }
    }

    private SqlDialect dialectOf(Connection connection) throws SQLException {
        SqlDialect known = dialect;
        if (known == null) {
            known = SqlDialect.ofProduct(connection.getMetaData().getDatabaseProductName());
            dialect = known;
        }
        return known;
    }

    private boolean isConflict(SQLException failure) {
        SqlDialect known = dialect;
        return known != null && known.isConflict(failure);
    }

    /** A moment that differs between those who were in each other's way. */
    private static void pause(int attempt, StoreUnavailableException failure) {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(1, 1L + 5L * attempt));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure.addSuppressed(e);
            throw failure;
        }
    }

    /** What a step needs of its connection, and what the pool had set. Confined to one thread. */
    private static final class Settings implements AutoCloseable {
        private final Connection connection;
        private final boolean autoCommit;
        private final boolean oldAutoCommit;
        private final int oldNetworkTimeout;
        private int oldIsolation = Connection.TRANSACTION_NONE;

        private Settings(Connection connection, boolean autoCommit) throws SQLException {
            this.connection = connection;
            this.autoCommit = autoCommit;
            this.oldAutoCommit = connection.getAutoCommit();
            this.oldNetworkTimeout = connection.getNetworkTimeout();
        }

        static Settings change(Connection connection, SqlDialect dialect, boolean autoCommit, Deadline deadline)
                throws SQLException {
            Settings settings = new Settings(connection, autoCommit);
            connection.setNetworkTimeout(Runnable::run, deadline.millisLeft());
            try {
                settings.begin(dialect);
                return settings;
            } catch (SQLException | RuntimeException e) {
                settings.restoreAfter(e);
                throw e;
            }
        }

        private void begin(SqlDialect dialect) throws SQLException {
            if (!autoCommit && !dialect.setsIsolationInTransaction()) {
                int isolation = connection.getTransactionIsolation();
                if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                    oldIsolation = isolation;
                }
            }
            if (oldAutoCommit != autoCommit) {
                connection.setAutoCommit(autoCommit);
            }
            if (!autoCommit && dialect.setsIsolationInTransaction() && !dialect.boundsStatements()) {
                try (PreparedStatement set = connection.prepareStatement(dialect.begin(0))) {
                    set.execute();
                }
            }
        }

        void commit() throws SQLException {
            if (!autoCommit) {
                connection.commit();
            }
        }

        void rollBack(Throwable failure) {
            if (!autoCommit) {
                try {
                    connection.rollback();
                } catch (SQLException e) {
                    failure.addSuppressed(e);
                }
            }
        }

        private void restoreAfter(Throwable failure) {
            try {
                close();
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
        }

        @Override
        public void close() throws SQLException {
            if (connection.isClosed()) {
                return;
            }
            if (oldAutoCommit != autoCommit) {
                connection.setAutoCommit(oldAutoCommit);
            }
            if (oldIsolation != Connection.TRANSACTION_NONE) {
                connection.setTransactionIsolation(oldIsolation);
            }
            connection.setNetworkTimeout(Runnable::run, oldNetworkTimeout);
        }
    }
}
