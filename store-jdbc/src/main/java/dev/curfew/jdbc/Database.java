package dev.curfew.jdbc;

import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
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

    /** What the host says that it speaks. */
    private final @Nullable SqlDialect named;

    /** Found out at the first connection. */
    private volatile @Nullable Server server;

    Database(
            ConnectionSource source,
            TableNames names,
            Duration timeout,
            int attempts,
            @Nullable SqlDialect named,
            ServerClock clock) {
        this.source = source;
        this.names = names;
        this.timeout = timeout;
        this.attempts = attempts;
        this.named = named;
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
        Database patient = new Database(source, names, longer, attempts, named, clock);
        patient.server = server;
        return patient;
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
        SqlDialect known = known();
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
                    SqlDialect known = known();
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
        try {
            return attempt(connection, serverOf(connection), deadline, autoCommit, step);
        } catch (SQLException e) {
            SqlDialect spoken = known();
            if (spoken != null && spoken.isReadOnly(e)) {
                // Another connection may lead to the server that is the primary now.
                BrokenConnections.destroy(connection);
            }
            throw e;
        } finally {
            BrokenConnections.giveBack(connection);
        }
    }

    private <T> T attempt(Connection connection, Server spoken, Deadline deadline, boolean autoCommit, Step<T> step)
            throws SQLException {
        try (Loan loan = Loan.take(connection, spoken, autoCommit, deadline, timeout.toMillis())) {
            T result;
            try {
                Call call = new Call(connection, spoken.dialect(), names, clock, deadline);
                if (!autoCommit && spoken.dialect().boundsStatements()) {
                    call.beginWith(spoken.beginInOne(timeout.toMillis()));
                }
                result = step.run(call);
            } catch (SQLException | RuntimeException | Error e) {
                loan.rollBack(e);
                throw e;
            }
            loan.commit();
            return result;
        }
    }

    private Server serverOf(Connection connection) throws SQLException {
        Server known = server;
        if (known == null) {
            known = Server.of(connection, named);
            server = known;
        }
        return known;
    }

    private boolean isConflict(SQLException failure) {
        SqlDialect known = known();
        return known != null && known.isConflict(failure);
    }

    private @Nullable SqlDialect known() {
        Server found = server;
        return named != null || found == null ? named : found.dialect();
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
