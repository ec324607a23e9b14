package dev.curfew.jdbc.audit;

import dev.curfew.jdbc.database.ForeignTransactionException;
import dev.curfew.jdbc.database.SqlDialect;
import dev.curfew.jdbc.sql.DatabaseOptions;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The settings of a sink. Confined to one thread. */
public final class JdbcAuditSinkBuilder {
    private static final int ATTEMPTS = 10;

    private final DatabaseOptions options;
    private @Nullable AuditChain chain;
    private Duration retention = Duration.ofDays(365);

    JdbcAuditSinkBuilder(DataSource dataSource) {
        this.options = new DatabaseOptions(dataSource, Duration.ofSeconds(5), ATTEMPTS);
    }

    /**
     * Makes the trail a chain, which begins with an empty table. Whoever has the key can forge rows, so keep it
     * from those who can write to the table; it stays the same on every node and for the life of the table. Another
     * key needs another prefix.
     *
     * @param key at least 32 random bytes, copied, and used for nothing else
     * @return this
     * @throws IllegalArgumentException if the key is shorter, or obviously not random
     */
    public JdbcAuditSinkBuilder chained(byte[] key) {
        this.chain = new AuditChain(key);
        return this;
    }

    /**
     * Sets how long records are kept; {@link JdbcAuditSink#purge} removes them afterwards.
     *
     * @param value positive; 365 days by default
     * @return this
     */
    public JdbcAuditSinkBuilder retention(Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException("retention must be positive");
        }
        this.retention = value;
        return this;
    }

    /**
     * Names the dialect, for a database that calls itself something else.
     *
     * @param value found out at the first connection if this is not set
     * @return this
     */
    public JdbcAuditSinkBuilder dialect(SqlDialect value) {
        options.dialect(Objects.requireNonNull(value, "dialect"));
        return this;
    }

    /**
     * Says that no connection of the pool is ever in the middle of a transaction when it is lent, also those
     * without autocommit. Only then may the store begin and commit on them. PostgreSQL's driver and MariaDB say
     * that by themselves; MySQL and H2 do not, so that a connection without autocommit is refused there with a
     * {@link ForeignTransactionException}. Connections in autocommit need no such trust.
     *
     * @return this
     */
    public JdbcAuditSinkBuilder trustConnectionsWithoutAutoCommit() {
        options.trustConnectionsWithoutAutoCommit();
        return this;
    }

    /**
     * Sets where the tables are.
     *
     * @param value letters, digits and underscores; the connection's own schema if this is not set
     * @return this
     */
    public JdbcAuditSinkBuilder schema(String value) {
        options.schema(value);
        return this;
    }

    /**
     * Sets with what the names of all tables and indexes begin.
     *
     * @param value letters, digits and underscores; {@code curfew_} by default
     * @return this
     */
    public JdbcAuditSinkBuilder prefix(String value) {
        options.prefix(value);
        return this;
    }

    /**
     * Sets how long one call may take, the wait for a connection and all repetitions included.
     *
     * @param value at least 10 milliseconds; 5 seconds by default, because a batch is written behind everybody's
     *     back
     * @return this
     */
    public JdbcAuditSinkBuilder callTimeout(Duration value) {
        options.timeout(value);
        return this;
    }

    /**
     * Makes the sink; nothing is asked of the database yet.
     *
     * @return a sink whose tables must stand: {@link JdbcAuditSink#migrate}
     */
    public JdbcAuditSink build() {
        return new JdbcAuditSink(options.connect(), chain, retention);
    }
}
