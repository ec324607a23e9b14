package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.ForeignTransactionException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A connection of the pool while one step uses it: set up for the step, and put back as it was. Confined to one thread.
 *
 * <p>Each change leaves behind what undoes it; these run in the opposite order. A connection that cannot be put back is
 * destroyed, so that the pool does not lend it again. That fails nobody's step: by then it is committed or has failed
 * already.
 */
final class BorrowedConnection implements AutoCloseable {
    private interface Undo {
        void run() throws SQLException;
    }

    private final Connection connection;
    private final boolean autoCommit;
    private final Deque<Undo> undos = new ArrayDeque<>();

    private BorrowedConnection(Connection connection, boolean autoCommit) {
        this.connection = connection;
        this.autoCommit = autoCommit;
    }

    /**
     * Sets a connection up: for one statement that reads, or for one transaction.
     *
     * @throws ForeignTransactionException if it is in the middle of a transaction, which is left alone
     */
    static BorrowedConnection take(
            Connection connection, Server server, boolean autoCommit, Deadline deadline, long timeoutMillis)
            throws SQLException {
        BorrowedConnection taken = new BorrowedConnection(connection, autoCommit);
        boolean oldAutoCommit = connection.getAutoCommit();
        int oldTimeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, deadline.millisLeft());
        taken.undos.push(() -> connection.setNetworkTimeout(Runnable::run, oldTimeout));
        try {
            if (!oldAutoCommit) {
                server.requireNoTransaction(connection);
            }
            if (!autoCommit && !server.dialect().setsIsolationInTransaction()) {
                taken.readCommitted();
            }
            if (oldAutoCommit != autoCommit) {
                connection.setAutoCommit(autoCommit);
                taken.undos.push(() -> connection.setAutoCommit(oldAutoCommit));
            }
            if (!autoCommit) {
                taken.undos.push(() -> taken.execute(server.restore()));
                taken.execute(server.beginOneByOne(timeoutMillis));
            }
            return taken;
        } catch (SQLException | RuntimeException e) {
            taken.close();
            throw e;
        }
    }

    private void readCommitted() throws SQLException {
        int isolation = connection.getTransactionIsolation();
        if (isolation != Connection.TRANSACTION_READ_COMMITTED) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
            undos.push(() -> connection.setTransactionIsolation(isolation));
        }
    }

    /** Lets no statement get a name at the server, because a pooler may have the next one served by another process. */
    void withoutNames() {
        PostgreSqlDriver.withoutNames(connection)
                .ifPresent(uses -> undos.push(() -> PostgreSqlDriver.withNamesAfter(connection, uses)));
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
                for (Undo undo : undos) {
                    undo.run();
                }
            }
        } catch (SQLException | RuntimeException e) {
            BrokenConnections.destroy(connection);
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
