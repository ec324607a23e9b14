package dev.curfew.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What was found out of the server to which a pool leads, once for all its connections. Thread-safe. */
final class Servers {
    private enum Pooler {
        UNKNOWN,
        ABSENT,
        PRESENT
    }

    /** What the host says that it speaks. */
    private final @Nullable SqlDialect named;

    private final boolean trustsWithoutAutoCommit;

    private volatile @Nullable Server server;
    private volatile Pooler pooler = Pooler.UNKNOWN;

    Servers(@Nullable SqlDialect named, boolean trustsWithoutAutoCommit) {
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
    SqlDialect dialect() {
        Server found = server;
        return named != null || found == null ? named : found.dialect();
    }

    boolean isPoolerKnown() {
        return pooler != Pooler.UNKNOWN;
    }

    /** Whether a pooler stands in between, or nobody has looked yet. */
    boolean maybeBehindPooler() {
        return pooler != Pooler.ABSENT && dialect() == SqlDialect.POSTGRESQL;
    }

    /** Looks for a pooler in the first call on PostgreSQL, in one round trip more. */
    void look(Call call, Connection connection) throws SQLException {
        if (isPoolerKnown() || !maybeBehindPooler()) {
            return;
        }
        long servedBy;
        try (Parameters select = call.prepare("SELECT pg_backend_pid()")) {
            servedBy = select.first(row -> row.getLong(1)).orElse(0L);
        }
        pooler = PostgreSqlDriver.isBehindPooler(connection, servedBy) ? Pooler.PRESENT : Pooler.ABSENT;
    }
}
