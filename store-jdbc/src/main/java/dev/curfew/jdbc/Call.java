package dev.curfew.jdbc;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.StoreTimes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One use of one connection: prepares statements that end in time. Confined to one thread. */
final class Call {
    /** The server is asked to give up first; the socket is cut only if it does not answer even that. */
    private static final int GRACE_MILLIS = 250;

    private final Connection connection;
    private final SqlDialect dialect;
    private final TableNames names;
    private final @Nullable Deadline deadline;
    private final ServerClock clock;

    /** What begins the transaction, until the first statement has taken it along. */
    private @Nullable String begin;

    Call(Connection connection, SqlDialect dialect, TableNames names, ServerClock clock, @Nullable Deadline deadline) {
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

    SqlDialect dialect() {
        return dialect;
    }

    TableNames names() {
        return names;
    }

    /** The later of the two clocks, for what means "now". */
    Instant later(Instant now, Instant reading) {
        return ServerClock.later(now, clock.at(now, reading));
    }

    /**
     * Whether an entry is over by both clocks: a node whose clock is ahead must not acknowledge what it does not write.
     */
    boolean isForgotten(Revocation entry, Instant now, Optional<StoreTimes> readings) {
        return entry.isForgotten(readings.map(times -> ServerClock.earlier(now, clock.at(now, times.clock())))
                .orElse(now));
    }

    /** What a birth marker that was just read says of the store's own time. */
    StoreTimes times(Instant now, FeedRow birth) {
        return clock.at(now, Births.timesIn(List.of(birth.row())));
    }

    /** Runs a step that must read nothing but what is committed. */
    <T> T readingCommitted(Database.Step<T> step) throws SQLException {
        return CommittedReads.run(connection, this, step);
    }

    Parameters prepare(String sql) throws SQLException {
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
            if (deadline != null && !dialect.boundsStatements()) {
                statement.setQueryTimeout((millis + 999) / 1_000);
            }
            return new Parameters(statement);
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }
}
