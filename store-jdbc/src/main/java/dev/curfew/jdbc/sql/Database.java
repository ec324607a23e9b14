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

    /** The same without an answer. */
    public interface Action {
        void run(SqlConnection connection) throws SQLException;
    }

    private final ConnectionSource source;
    private final DetectedServer server;
    private final TableNames names;
    private final StepLimits limits;
    private final ServerClock clock;

    Database(ConnectionSource source, DetectedServer server, TableNames names, StepLimits limits, ServerClock clock) {
        this.source = source;
        this.server = server;
        this.names = names;
        this.limits = limits;
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
        return limits.timeout();
    }

    /** The same for steps that may take longer. */
    public Database within(Duration longer) {
        return new Database(source, server, names, new StepLimits(longer, limits.attempts()), clock);
    }

    /** Whether somebody has been waiting for a connection for long. */
    public boolean isStarving() {
        return source.isStarving();
    }

    /** Ends the watch over waiting callers. */
    @Override
    public void close() {
        source.close();
    }

    /** One statement that changes nothing. */
    public <T> T read(String operation, Step<T> step) {
        return run(operation, true, step);
    }

    /** One transaction that answers nothing. */
    public void execute(String operation, Action action) {
        write(operation, connection -> {
            action.run(connection);
            return true;
        });
    }

    /** One transaction. */
    public <T> T write(String operation, Step<T> step) {
        return run(operation, false, step);
    }

    /** A connection of the host, in whose transaction a step may run; nothing bounds it but the host. */
    public SqlConnection joined(Connection connection) {
        return new SqlConnection(connection, dialect(), names, clock, null);
    }

    public Dialect dialect() {
        Dialect known = server.dialect();
        return known != null ? known : read("detection of the dialect", SqlConnection::dialect);
    }

    /** Whether a pooler stands in between, through which no statement may have a name at the server. */
    public boolean isBehindPooler() {
        return server.dialect() == Dialect.POSTGRESQL
                && (server.isPoolerKnown() || read("the look for a pooler", connection -> true))
                && server.maybeBehindPooler();
    }

    private <T> T run(String operation, boolean autoCommit, Step<T> step) {
        Deadline deadline = limits.begin();
        StoreUnavailableException failure = null;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(deadline, autoCommit, step);
            } catch (UncountedBatchException e) {
                server.countsNoBatches();
            } catch (SQLException e) {
                if (failure == null) {
                    Dialect known = server.dialect();
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
                if (attempt >= limits.attempts() || deadline.isOver() || !isConflict(e)) {
                    throw failure;
                }
                pause(attempt, failure);
            }
        }
    }

    private <T> T attempt(Deadline deadline, boolean autoCommit, Step<T> step) throws SQLException {
        Connection connection = connect(deadline);
        try {
            return attempt(connection, server.of(connection), deadline, autoCommit, step);
        } catch (SQLException e) {
            Dialect spoken = server.dialect();
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
            throw server.isFirst() ? Explanations.ofFirstConnection(e) : e;
        }
    }

    private <T> T attempt(Connection connection, Server spoken, Deadline deadline, boolean autoCommit, Step<T> step)
            throws SQLException {
        try (BorrowedConnection loan = BorrowedConnection.take(
                connection, spoken, autoCommit, deadline, limits.timeout().toMillis())) {
            if (server.maybeBehindPooler()) {
                loan.withoutNames();
            }
            T result;
            try {
                SqlConnection own = new SqlConnection(connection, spoken.dialect(), names, clock, deadline);
                if (!autoCommit && spoken.dialect().boundsStatements()) {
                    own.beginWith(spoken.beginInOne(limits.timeout().toMillis()));
                }
                if (!server.countsBatches()) {
                    own.sendOneByOne();
                }
                server.look(own, connection);
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
        Dialect known = server.dialect();
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
