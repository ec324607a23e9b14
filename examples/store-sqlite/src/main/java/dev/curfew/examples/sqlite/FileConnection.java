package dev.curfew.examples.sqlite;

import dev.curfew.examples.sqlite.SqliteFileException.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.SQLiteConnection;

/**
 * One connection with the statements that were prepared on it. Confined to the thread that has taken it.
 *
 * <p>Preparing costs as much as running what this store asks, and the driver keeps no statement by itself.
 */
final class FileConnection implements AutoCloseable {
    private static final long BETWEEN_TRIES_NANOS = 5_000_000;

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    FileConnection(Connection connection) {
        this.connection = connection;
    }

    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = statements.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            statements.put(sql, known);
        }
        return known;
    }

    /** Runs one statement, or a whole script, that has no parameters. */
    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** How long the next statements wait for the lock of another process. */
    void waitAtMost(int millis) throws SQLException {
        connection.unwrap(SQLiteConnection.class).setBusyTimeout(millis);
    }

    /**
     * The mode is kept in the file, so that each later connection uses it too. Where several switch a new file at once,
     * SQLite tells all but one immediately that it is locked, however long they would wait.
     *
     * @param deadline in nanoseconds, until which it is tried again
     */
    void switchToWriteAheadLog(String file, long deadline) throws SQLException {
        boolean isSwitched = false;
        while (!isSwitched) {
            try {
                if (!usesWriteAheadLog() && !isWriteAheadLog("PRAGMA journal_mode = WAL")) {
                    throw new SqliteFileException(Problem.NO_WAL, file, null);
                }
                isSwitched = true;
            } catch (SQLException e) {
                if (!Failures.isLocked(e) || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
                LockSupport.parkNanos(BETWEEN_TRIES_NANOS);
            }
        }
    }

    boolean usesWriteAheadLog() throws SQLException {
        return isWriteAheadLog("PRAGMA journal_mode");
    }

    private boolean isWriteAheadLog(String pragma) throws SQLException {
        try (ResultSet mode = prepared(pragma).executeQuery()) {
            return mode.next() && "wal".equals(mode.getString(1));
        }
    }

    /** Ends a transaction without a trace, or at least the connection. */
    boolean rolledBack() {
        try {
            run("ROLLBACK");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // What was committed is in the file; nothing else depends on it.
        }
    }
}
