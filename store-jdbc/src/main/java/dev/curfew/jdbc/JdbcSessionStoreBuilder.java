package dev.curfew.jdbc;

import dev.curfew.jdbc.database.ForeignTransactionException;
import dev.curfew.jdbc.database.SqlDialect;
import dev.curfew.jdbc.feed.HintSource;
import dev.curfew.jdbc.sql.DatabaseOptions;
import dev.curfew.jdbc.sql.ServerClock;
import java.time.Duration;
import java.util.Objects;
import java.util.function.LongSupplier;
import javax.sql.DataSource;

/** The settings of a store. Confined to one thread. */
public final class JdbcSessionStoreBuilder {
    private static final int MOST_ATTEMPTS = 20;

    /** The feed relies on every transaction being over within two minutes. */
    private static final Duration MOST_TIMEOUT = Duration.ofMinutes(1);

    private final DatabaseOptions options;
    private HintSource hints;
    private LongSupplier ticker = System::nanoTime;

    JdbcSessionStoreBuilder(DataSource dataSource) {
        this.options = new DatabaseOptions(dataSource, Duration.ofSeconds(2), 5);
        this.hints = HintSource.shared(dataSource);
    }

    /**
     * Names the dialect, for a database that calls itself something else.
     *
     * @param value found out at the first connection if this is not set
     * @return this
     */
    public JdbcSessionStoreBuilder dialect(SqlDialect value) {
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
    public JdbcSessionStoreBuilder trustConnectionsWithoutAutoCommit() {
        options.trustConnectionsWithoutAutoCommit();
        return this;
    }

    /**
     * Sets where the tables are.
     *
     * @param value letters, digits and underscores; the connection's own schema if this is not set
     * @return this
     */
    public JdbcSessionStoreBuilder schema(String value) {
        options.schema(value);
        return this;
    }

    /**
     * Sets with what the names of all tables and indexes begin.
     *
     * @param value letters, digits and underscores; {@code curfew_} by default
     * @return this
     */
    public JdbcSessionStoreBuilder prefix(String value) {
        options.prefix(value);
        return this;
    }

    /**
     * Gives the hints on PostgreSQL a source of connections of their own, of which one at a time is in use, for
     * some seconds each. Needed where a pooler in transaction mode (PgBouncer, say) stands before the store's own:
     * give a source that leads past it. Also good for a pool that is small.
     *
     * @param value leads to the same database
     * @return this
     */
    public JdbcSessionStoreBuilder hintsFrom(DataSource value) {
        this.hints = HintSource.own(Objects.requireNonNull(value, "hintsFrom"));
        return this;
    }

    /**
     * Does without hints, and without the connection that they take on PostgreSQL: other nodes learn with their
     * next poll what was revoked.
     *
     * @return this
     */
    public JdbcSessionStoreBuilder withoutHints() {
        this.hints = HintSource.NONE;
        return this;
    }

    /**
     * Sets how long one call may take, the wait for a connection and all repetitions included.
     *
     * <p>The server itself ends a transaction of the store whose process has fallen silent for so long, or for 5
     * seconds if that is shorter.
     *
     * @param value 10 milliseconds to 1 minute; 2 seconds by default
     * @return this
     */
    public JdbcSessionStoreBuilder callTimeout(Duration value) {
        if (value.compareTo(MOST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("callTimeout must be at most 1 minute, and is " + value);
        }
        options.timeout(value);
        return this;
    }

    /**
     * Sets how often a step is tried that the database refuses because of another one (serialization failure,
     * deadlock).
     *
     * @param value 1 to 20; 5 by default
     * @return this
     */
    public JdbcSessionStoreBuilder attempts(int value) {
        if (value < 1 || value > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS + ", and is " + value);
        }
        options.attempts(value);
        return this;
    }

    /** For tests: what the server's clock is taken to say. */
    JdbcSessionStoreBuilder serverClock(ServerClock value) {
        options.clock(value);
        return this;
    }

    /** For tests: elapsed time in nanoseconds. */
    JdbcSessionStoreBuilder ticker(LongSupplier value) {
        this.ticker = value;
        return this;
    }

    /**
     * Makes the store; nothing is asked of the database yet.
     *
     * @return a store that must be opened
     */
    public JdbcSessionStore build() {
        return new JdbcSessionStore(options.connect(), hints, ticker);
    }
}
