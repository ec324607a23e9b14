package dev.curfew.jdbc;

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
    private final Servers servers;

    Database(
            ConnectionSource source,
            TableNames names,
            Duration timeout,
            int attempts,
            Servers servers,
            ServerClock clock) {
        this.source = source;
        this.names = names;
        this.timeout = timeout;
        this.attempts = attempts;
        this.servers = servers;
        this.clock = clock;
    }

    ServerClock clock() {
        return clock;
    }

    TableNames names() {
        return names;
    }

    /** How long one call may take. */
    Duration timeout() {
        return timeout;
    }

    /** The same for steps that may take longer. */
    Database within(Duration longer) {
        return new Database(source, names, longer, attempts, servers, clock);
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
        SqlDialect known = servers.dialect();
        return known != null ? known : read("detection of the dialect", Call::dialect);
    }

    /** Whether a pooler stands in between, through which no statement may have a name at the server. */
    boolean isBehindPooler() {
        return servers.dialect() == SqlDialect.POSTGRESQL
                && (servers.isPoolerKnown() || read("the look for a pooler", call -> true))
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
                    SqlDialect known = servers.dialect();
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
            SqlDialect spoken = servers.dialect();
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
        try (Loan loan = Loan.take(connection, spoken, autoCommit, deadline, timeout.toMillis())) {
            if (servers.maybeBehindPooler()) {
                loan.withoutNames();
            }
            T result;
            try {
                Call call = new Call(connection, spoken.dialect(), names, clock, deadline);
                if (!autoCommit && spoken.dialect().boundsStatements()) {
                    call.beginWith(spoken.beginInOne(timeout.toMillis()));
                }
                servers.look(call, connection);
                result = step.run(call);
            } catch (SQLException | RuntimeException | Error e) {
                loan.rollBack(e);
                throw e;
            }
            loan.commit();
            return result;
        }
    }

    private boolean isConflict(SQLException failure) {
        SqlDialect known = servers.dialect();
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
