package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SqlDialect;
import java.time.Duration;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a host says of its database, as builders collect it. Confined to one thread. */
public final class DatabaseOptions {
    private static final Duration LEAST_TIMEOUT = Duration.ofMillis(10);

    private final DataSource dataSource;
    private @Nullable Dialect dialect;
    private boolean trustsWithoutAutoCommit;
    private TableNames names = TableNames.usual();
    private StepLimits limits;
    private ServerClock clock = ServerClock.ofServer();

    public DatabaseOptions(DataSource dataSource, Duration timeout, int attempts) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
        this.limits = new StepLimits(timeout, attempts);
    }

    public DataSource dataSource() {
        return dataSource;
    }

    public void dialect(SqlDialect value) {
        this.dialect = Dialect.named(value);
    }

    /** The host vouches that no connection is ever lent in the middle of a transaction. */
    public void trustConnectionsWithoutAutoCommit() {
        this.trustsWithoutAutoCommit = true;
    }

    public void schema(String value) {
        this.names = names.inSchema(value);
    }

    public void prefix(String value) {
        this.names = names.withPrefix(value);
    }

    /**
     * How long one call may take.
     *
     * @throws IllegalArgumentException if that is too short for any
     */
    public void timeout(Duration value) {
        if (value.compareTo(LEAST_TIMEOUT) < 0) {
            throw new IllegalArgumentException("callTimeout must be at least 10 ms, and is " + value);
        }
        this.limits = new StepLimits(value, limits.attempts());
    }

    public void attempts(int value) {
        this.limits = new StepLimits(limits.timeout(), value);
    }

    public void clock(ServerClock value) {
        this.clock = value;
    }

    /** Nothing is asked of the database yet. */
    public Database connect() {
        return new Database(
                new ConnectionSource(dataSource),
                new DetectedServer(dialect, trustsWithoutAutoCommit),
                names,
                limits,
                clock);
    }
}
