package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;

/**
 * Runs the store's steps, each on a connection of its own and in a transaction of its own. Thread-safe.
 *
 * <p>A reading step is one statement in autocommit, which costs one round trip whatever the isolation is. A writing
 * step is a READ COMMITTED transaction, repeated a few times if the database gave another one precedence. A step of
 * single statements, each of which is whole by itself whatever it compares and sets, does without a transaction, and so
 * without the round trips of its beginning and its end. Whatever was changed at the connection is put back before the
 * pool gets it.
 */
public final class Database implements AutoCloseable {
    private enum Kind {
        READ,
        SINGLE,
        TRANSACTION
    }

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
    private final HintTurns turns;
    private final boolean isMidway;

    Database(ConnectionSource source, DetectedServer server, TableNames names, StepLimits limits, ServerClock clock) {
        this(source, server, names, limits, clock, new HintTurns(System::nanoTime), false);
    }

    private Database(
            ConnectionSource source,
            DetectedServer server,
            TableNames names,
            StepLimits limits,
            ServerClock clock,
            HintTurns turns,
            boolean isMidway) {
        this.source = source;
        this.server = server;
        this.names = names;
        this.limits = limits;
        this.clock = clock;
        this.turns = turns;
        this.isMidway = isMidway;
    }

    public ServerClock clock() {
        return clock;
    }

    public TableNames names() {
        return names;
    }

    public boolean isOn(DataSource dataSource) {
        return source.isOf(dataSource);
    }

    /** How long one call may take. */
    public Duration timeout() {
        return limits.timeout();
    }

    /** The same for steps that may take longer. */
    public Database within(Duration longer) {
        return new Database(source, server, names, new StepLimits(longer, limits.attempts()), clock, turns, isMidway);
    }

    /**
     * The same for what follows in a verb that writes in several steps: whatever fails from then on, the verb may have
     * happened in part.
     */
    public Database midway() {
        return new Database(source, server, names, limits, clock, turns, true);
    }

    /** Whether somebody has been waiting for a connection for long. */
    public boolean isStarving() {
        return source.isStarving();
    }

    /** Sends the hint that is owed, if one is, within one timeout; ends the watch over waiting callers. */
    @Override
    public void close() {
        turns.close(limits.timeout());
        source.close();
    }

    /** One statement that changes nothing. */
    public <T> T read(String operation, Step<T> step) {
        return run(operation, Kind.READ, step);
    }

    /** Statements that write, each in a transaction of its own; one round trip each. */
    public <T> T single(String operation, Step<T> step) {
        return run(operation, Kind.SINGLE, step);
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
        return run(operation, Kind.TRANSACTION, step);
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

    private <T> T run(String operation, Kind kind, Step<T> step) {
        Deadline deadline = limits.begin();
        StoreUnavailableException failure = null;
        boolean wasSent = isMidway;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(deadline, kind, step);
            } catch (UncountedBatchException e) {
                server.countsNoBatches();
                wasSent = true;
            } catch (SQLException e) {
                if (failure == null) {
                    failure = failureOf(operation, kind == Kind.READ && !isMidway, wasSent, e);
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

    private StoreUnavailableException failureOf(String operation, boolean isRead, boolean wasSent, SQLException e) {
        if (e instanceof NoConnectionException none) {
            return wasSent
                    ? Explanations.interrupted(operation, none.why())
                    : Explanations.unasked(operation, none.why());
        }
        Dialect known = server.dialect();
        if (known != null && known.isMistake(e)) {
            throw known.isMissingTable(e)
                    ? SchemaException.ofTables(operation, names.tables(), e)
                    : new SchemaException(operation, e);
        }
        return Explanations.unanswered(operation, isRead, e);
    }

    private <T> T attempt(Deadline deadline, Kind kind, Step<T> step) throws SQLException {
        Connection connection = connect(deadline);
        try {
            return attempt(connection, server.of(connection), deadline, kind, step);
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
            throw new NoConnectionException(server.isFirst() ? Explanations.ofFirstConnection(e) : e);
        }
    }

    private <T> T attempt(Connection connection, Server spoken, Deadline deadline, Kind kind, Step<T> step)
            throws SQLException {
        boolean autoCommit = kind != Kind.TRANSACTION;
        try (BorrowedConnection loan = BorrowedConnection.take(
                connection, spoken, autoCommit, deadline, limits.timeout().toMillis())) {
            if (server.maybeBehindPooler()) {
                loan.withoutNames();
            }
            SqlConnection own = new SqlConnection(connection, spoken.dialect(), names, clock, deadline);
            own.wakeInTurn(turns);
            T result;
            try {
                if (kind == Kind.SINGLE) {
                    own.withoutTransaction();
                }
                if (!autoCommit && spoken.dialect().boundsStatements()) {
                    own.beginWith(spoken.beginInOne(limits.timeout().toMillis()));
                }
                if (!autoCommit && spoken.dialect().takesSeveralStatements()) {
                    own.commitAlong();
                }
                if (!autoCommit && !server.countsBatches()) {
                    own.sendOneByOne();
                }
                server.look(own, connection);
                result = step.run(own);
            } catch (SQLException | RuntimeException | Error e) {
                loan.rollBack(e);
                throw e;
            }
            loan.commit();
            if (own.owesHint()) {
                turns.owe(this::wakeListeners);
            }
            return result;
        }
    }

    private void wakeListeners() {
        single("a hint", connection -> {
            try (SqlStatement notify = connection.prepare("NOTIFY " + names.channel())) {
                return notify.update();
            }
        });
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
