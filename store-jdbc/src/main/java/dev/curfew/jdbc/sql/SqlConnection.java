package dev.curfew.jdbc.sql;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.StoreTimes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One use of one connection: prepares statements that end in time. Confined to one thread. */
public final class SqlConnection {
    /** The server is asked to give up first; the socket is cut only if it does not answer even that. */
    private static final int GRACE_MILLIS = 250;

    private static final String COMMIT = "; COMMIT";

    private final Connection connection;
    private final Dialect dialect;
    private final TableNames names;
    private final @Nullable Deadline deadline;
    private final ServerClock clock;

    /** What begins the transaction, until the first statement has taken it along. */
    private @Nullable String begin;

    /** Whose turn it is to wake the listeners; null if each transaction does. */
    private @Nullable HintTurns turns;

    private boolean wakesListeners;
    private boolean owesHint;
    private boolean sendsOneByOne;
    private boolean isWithoutTransaction;
    private boolean commitsAlong;
    private boolean isCommitted;

    public SqlConnection(
            Connection connection, Dialect dialect, TableNames names, ServerClock clock, @Nullable Deadline deadline) {
        this.connection = connection;
        this.dialect = dialect;
        this.names = names;
        this.clock = clock;
        this.deadline = deadline;
    }

    /** Lets the first statement carry this along, where one round trip can hold both. */
    void beginWith(String statement) {
        begin = statement;
    }

    /** Lets the last statement take the commit along: the transaction is this step's own, and nobody else ends it. */
    void commitAlong() {
        commitsAlong = true;
    }

    /** Sends no statements together whose counts a driver keeps to itself then. */
    void sendOneByOne() {
        sendsOneByOne = true;
    }

    /** Wakes listeners only if it is its turn. */
    void wakeInTurn(HintTurns value) {
        turns = value;
    }

    /** Whether listeners are to be woken once what was written here is committed. */
    boolean owesHint() {
        return owesHint;
    }

    /**
     * What wakes the listeners when the transaction commits, to stand behind a statement that writes; empty if
     * something else wakes them, or nothing can.
     */
    public String wakingListeners() {
        if (!dialect.notifies() || wakesListeners || owesHint) {
            return "";
        }
        wakesListeners = turns == null || turns.tryTake();
        owesHint = !wakesListeners;
        return wakesListeners ? "; NOTIFY " + names.channel() : "";
    }

    /** Bounds each statement by itself: no transaction does it, and one that writes may wait for a lock. */
    void withoutTransaction() {
        isWithoutTransaction = true;
    }

    public Dialect dialect() {
        return dialect;
    }

    public TableNames names() {
        return names;
    }

    public ServerClock clock() {
        return clock;
    }

    /** The later of the two clocks, for what means "now". */
    public Instant later(Instant now, Instant reading) {
        return ServerClock.later(now, clock.at(now, reading));
    }

    /**
     * Whether an entry is over by both clocks: a node whose clock is ahead must not acknowledge what it does not write.
     */
    public boolean isForgotten(Revocation entry, Instant now, Optional<StoreTimes> readings) {
        return entry.isForgotten(readings.map(times -> ServerClock.earlier(now, clock.at(now, times.clock())))
                .orElse(now));
    }

    /** Runs a step that must read only what is committed, whatever the pool has set, and puts that back. */
    public <T> T readingCommitted(Database.Step<T> step) throws SQLException {
        if (!dialect.readsUncommitted()
                || connection.getTransactionIsolation() != Connection.TRANSACTION_READ_UNCOMMITTED) {
            return step.run(this);
        }
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        try {
            return step.run(this);
        } finally {
            if (!connection.isClosed()) {
                connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            }
        }
    }

    /**
     * Prepares the last statement of a step, which writes. It takes the commit along where one round trip can hold both
     * and the transaction is the step's own: then nothing can be prepared behind it. If it fails, nothing is committed.
     */
    public SqlStatement prepareLast(String sql) throws SQLException {
        SqlStatement last = prepare(commitsAlong ? sql + COMMIT : sql);
        isCommitted = commitsAlong;
        return last;
    }

    public SqlStatement prepare(String sql) throws SQLException {
        if (isCommitted) {
            throw new IllegalStateException("a statement behind the last one of its transaction: " + sql);
        }
        int millis = deadline == null ? 0 : deadline.millisLeft();
        if (deadline != null) {
            connection.setNetworkTimeout(Runnable::run, millis + GRACE_MILLIS);
        }
        String prefix = "";
        if (begin != null && sql.startsWith("SELECT")) {
            prefix = begin + "; ";
            begin = null;
        } else if (begin != null) {
            String first = begin;
            begin = null;
            try (PreparedStatement statement = connection.prepareStatement(first)) {
                statement.execute();
            }
        }
        PreparedStatement statement = connection.prepareStatement(prefix + names.render(sql, dialect));
        try {
            if (deadline != null && (isWithoutTransaction || !dialect.boundsStatements())) {
                statement.setQueryTimeout((millis + 999) / 1_000);
            }
            return new SqlStatement(statement, sendsOneByOne);
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
