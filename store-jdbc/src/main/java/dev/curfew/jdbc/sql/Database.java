package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Runs the store's steps, each on a connection of its own and in a transaction of its own. Thread-safe.
 *
 * <p>A reading step is one statement in autocommit, which costs one round trip whatever the isolation is. A writing
 * step is a READ COMMITTED transaction, repeated a few times if the database gave another one precedence. Whatever was
 * changed at the connection is put back before the pool gets it.
 */
public final class Database implements AutoCloseable {
    /** What a step does with its connection. */
    public interface Step<T> {
        T run(SqlConnection connection) throws SQLException;
    }

    private final ConnectionSource source;
    private final TableNames names;
    private final Duration timeout;
    private final int attempts;
    private final ServerClock clock;
    private final DetectedServer servers;

    public Database(
            ConnectionSource source,
            TableNames names,
            Duration timeout,
            int attempts,
            DetectedServer servers,
            ServerClock clock) {
        this.source = source;
        this.names = names;
        this.timeout = timeout;
        this.attempts = attempts;
        this.servers = servers;
        this.clock = clock;
    }

    public ServerClock clock() {
        return clock;
    }

    public TableNames names() {
        return names;
    }

    /** How long one call may take. */
    public Duration timeout() {
        return timeout;
    }

    /** The same for steps that may take longer. */
    public Database within(Duration longer) {
        return new Database(source, names, longer, attempts, servers, clock);
    }

    @Override
    public void close() {
        source.close();
    }

    /** One statement that changes nothing. */
    public <T> T read(String operation, Step<T> step) {
        return run(operation, true, step);
    }

    /** One transaction. */
    public <T> T write(String operation, Step<T> step) {
        return run(operation, false, step);
    }

    public Dialect dialect() {
        Dialect known = servers.dialect();
        return known != null ? known : read("detection of the dialect", SqlConnection::dialect);
    }

    /** Whether a pooler stands in between, through which no statement may have a name at the server. */
    public boolean isBehindPooler() {
        return servers.dialect() == Dialect.POSTGRESQL
                && (servers.isPoolerKnown() || read("the look for a pooler", connection -> true))
                && servers.maybeBehindPooler();
    }

    private <T> T run(String operation, boolean autoCommit, Step<T> step) {
        Deadline deadline = Deadline.in(timeout);
        StoreUnavailableException failure = null;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(deadline, autoCommit, step);
            } catch (SQLException e) {
                if (failure == null) {
                    Dialect known = servers.dialect();
                    if (known != null && known.isMistake(e)) {
                        throw new SchemaException(operation, e);
                    }
                    SQLException cause = Explanations.of(e);
                    failure = autoCommit
                            ? new StoreUnavailableException(operation, cause)
                            : StoreUnavailableException.ofWrite(operation, cause);
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
        Connection connection = connect(deadline);
        try {
            return attempt(connection, servers.of(connection), deadline, autoCommit, step);
        } catch (SQLException e) {
            Dialect spoken = servers.dialect();
            if (spoken != null && spoken.isReadOnly(e)) {
                // Another connection may lead to the server that is the primary now.
                BrokenConnections.destroy(connection);
            }
            throw e;
        } finally {
            BrokenConnections.giveBack(connection);
        }
    }

    private Connection connect(Deadline deadline) throws SQLException {
        try {
            return source.get(deadline);
        } catch (SQLException e) {
            throw servers.isFirst() ? Explanations.ofFirstConnection(e) : e;
        }
    }

    private <T> T attempt(Connection connection, Server spoken, Deadline deadline, boolean autoCommit, Step<T> step)
            throws SQLException {
        try (BorrowedConnection loan =
                BorrowedConnection.take(connection, spoken, autoCommit, deadline, timeout.toMillis())) {
            if (servers.maybeBehindPooler()) {
                loan.withoutNames();
            }
            T result;
            try {
                SqlConnection own = new SqlConnection(connection, spoken.dialect(), names, clock, deadline);
                if (!autoCommit && spoken.dialect().boundsStatements()) {
                    own.beginWith(spoken.beginInOne(timeout.toMillis()));
                }
                servers.look(own, connection);
                result = step.run(own);
            } catch (SQLException | RuntimeException | Error e) {
                loan.rollBack(e);
                throw e;
            }
            loan.commit();
            return result;
        }
    }

    private boolean isConflict(SQLException failure) {
        Dialect known = servers.dialect();
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
}
