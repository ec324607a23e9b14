package dev.curfew.jdbc.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What is known of the server to which a pool leads, found out once for all its connections. Thread-safe. */
public final class DetectedServer {
    private enum Pooler {
        UNKNOWN,
        ABSENT,
        PRESENT
    }

    /** So many transactions a driver that keeps its counts to itself costs one that is sent twice. */
    private static final int UNTIL_ASKED_AGAIN = 1_000;

    /** What the host says that it speaks. */
    private final @Nullable Dialect named;

    private final boolean trustsWithoutAutoCommit;

    private volatile @Nullable Server server;
    private volatile Pooler pooler = Pooler.UNKNOWN;

    /** How many transactions are still to be sent one by one; drivers count, until one is met that does not. */
    private final AtomicInteger oneByOne = new AtomicInteger();

    public DetectedServer(@Nullable Dialect named, boolean trustsWithoutAutoCommit) {
        this.named = named;
        this.trustsWithoutAutoCommit = trustsWithoutAutoCommit;
    }

    /** Whether there was no connection yet. */
    boolean isFirst() {
        return server == null;
    }

    Server of(Connection connection) throws SQLException {
        Server known = server;
        if (known == null) {
            known = Server.of(connection, named, trustsWithoutAutoCommit);
            server = known;
        }
        return known;
    }

    /** What it speaks, as far as that is known already. */
    @Nullable
    Dialect dialect() {
        Server found = server;
        return named != null || found == null ? named : found.dialect();
    }

    /**
     * Whether the driver says of each statement of a batch how many rows it changed, as far as that is known; asked
     * once for each transaction. A driver that did not is asked again after a while: it may have been told otherwise,
     * or the pool may lead through another one by now.
     */
    boolean countsBatches() {
        return oneByOne.get() == 0 || oneByOne.getAndUpdate(left -> Math.max(0, left - 1)) == 0;
    }

    void countsNoBatches() {
        oneByOne.set(UNTIL_ASKED_AGAIN);
    }

    boolean isPoolerKnown() {
        return pooler != Pooler.UNKNOWN;
    }

    /** Whether a pooler stands in between, or nobody has looked yet. */
    boolean maybeBehindPooler() {
        return pooler != Pooler.ABSENT && dialect() == Dialect.POSTGRESQL;
    }

    /** Looks for a pooler in the first call on PostgreSQL, in one round trip more. */
    void look(SqlConnection connection, Connection physical) throws SQLException {
        if (isPoolerKnown() || !maybeBehindPooler()) {
            return;
        }
        long servedBy;
        try (SqlStatement select = connection.prepare("SELECT pg_backend_pid()")) {
            servedBy = select.firstNumber().orElse(0L);
        }
        pooler = PostgreSqlDriver.isBehindPooler(physical, servedBy) ? Pooler.PRESENT : Pooler.ABSENT;
    }
}
