package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.ForeignTransactionException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalInt;

/**
 * A connection of the pool while one step uses it: set up for the step, and put back as it was. Confined to one thread.
 *
 * <p>A connection that cannot be put back is destroyed, so that the pool does not lend it again. That fails nobody's
 * step: by then it is committed or has failed already.
 */
final class BorrowedConnection implements AutoCloseable {
    private final Connection connection;
    private final Server server;
    private final boolean autoCommit;
    private final boolean oldAutoCommit;
    private final int oldNetworkTimeout;
    private OptionalInt oldThreshold = OptionalInt.empty();
    private boolean isChanged;
    private int oldIsolation = Connection.TRANSACTION_NONE;
    private boolean isBegun;

    private BorrowedConnection(Connection connection, Server server, boolean autoCommit) throws SQLException {
        this.connection = connection;
        this.server = server;
        this.autoCommit = autoCommit;
        this.oldAutoCommit = connection.getAutoCommit();
        this.oldNetworkTimeout = connection.getNetworkTimeout();
    }

    /**
     * Sets a connection up: for one statement that reads, or for one transaction.
     *
     * @throws ForeignTransactionException if it is in the middle of a transaction, which is left alone
     */
    static BorrowedConnection take(
            Connection connection, Server server, boolean autoCommit, Deadline deadline, long timeoutMillis)
            throws SQLException {
        BorrowedConnection loan = new BorrowedConnection(connection, server, autoCommit);
        connection.setNetworkTimeout(Runnable::run, deadline.millisLeft());
        try {
            if (!loan.oldAutoCommit) {
                server.requireNoTransaction(connection);
            }
            loan.begin(timeoutMillis);
            return loan;
        } catch (SQLException | RuntimeException e) {
            loan.close();
            throw e;
        }
    }

    private void begin(long timeoutMillis) throws SQLException {
        if (!autoCommit && !server.dialect().setsIsolationInTransaction()) {
            int isolation = connection.getTransactionIsolation();
            if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                oldIsolation = isolation;
            }
        }
        if (oldAutoCommit != autoCommit) {
            connection.setAutoCommit(autoCommit);
            isChanged = true;
        }
        if (!autoCommit) {
            isBegun = true;
            execute(server.beginOneByOne(timeoutMillis));
        }
    }

    /** Lets no statement get a name at the server, because a pooler may have the next one served by another process. */
    void withoutNames() {
        oldThreshold = PostgreSqlDriver.withoutNames(connection);
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

    @Override
    public void close() {
        try {
            if (!connection.isClosed()) {
                restore();
            }
        } catch (SQLException | RuntimeException e) {
            BrokenConnections.destroy(connection);
        }
    }

    private void restore() throws SQLException {
        if (isBegun) {
            execute(server.restore());
        }
        if (isChanged) {
            connection.setAutoCommit(oldAutoCommit);
        }
        if (oldIsolation != Connection.TRANSACTION_NONE) {
            connection.setTransactionIsolation(oldIsolation);
        }
        connection.setNetworkTimeout(Runnable::run, oldNetworkTimeout);
        if (oldThreshold.isPresent()) {
            PostgreSqlDriver.withNamesAfter(connection, oldThreshold.getAsInt());
        }
    }

    private void execute(List<String> statements) throws SQLException {
        for (String sql : statements) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.execute();
            }
        }
    }
}
