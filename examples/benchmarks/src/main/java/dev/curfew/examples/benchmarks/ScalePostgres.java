package dev.curfew.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;

/** One PostgreSQL under many nodes. Thread-safe. */
final class ScalePostgres implements ScaleServer {
    /** One to read the feed, one to listen, one for upkeep while calls have theirs. */
    private static final int OF_A_NODE = 2;

    private final ProcessHandle postmaster = postmaster();

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    public Opened open(String prefix, int calls, Duration patience) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(Servers.postgresUrl() + "&socketFactory=" + CountingSockets.class.getName());
        config.setMaximumPoolSize(OF_A_NODE + calls);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(10_000);
        HikariDataSource pool = new HikariDataSource(config);
        JdbcSessionStore store = JdbcSessionStore.on(pool)
                .prefix(prefix + "_")
                .callTimeout(patience)
                .build();
        store.migrate();
        store.open(CurfewStores.settings(), Instant.now());
        return new Opened(store, () -> {
            store.close();
            pool.close();
        });
    }

    @Override
    public Bare bare(int connections) {
        HikariDataSource pool = Servers.pool(connections);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS bare_mix (id bigserial PRIMARY KEY, row bytea)");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return new BareInsert(pool);
    }

    @Override
    public double cpuSeconds() {
        return ProcessTimes.ofTree(postmaster);
    }

    @Override
    public long bytesSent() {
        return CountingSockets.received();
    }

    @Override
    public void freeze() {
        // The one that starts others first.
        Signals.stop(Stream.concat(Stream.of(postmaster), postmaster.children()));
    }

    @Override
    public void thaw() {
        Signals.goOn(Stream.concat(postmaster.children(), Stream.of(postmaster)));
    }

    @Override
    public void close() {
        // It ends with the program.
    }

    private static ProcessHandle postmaster() {
        try (HikariDataSource pool = Servers.pool(1);
                Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet backend = statement.executeQuery("SELECT pg_backend_pid()")) {
            backend.next();
            return ProcessHandle.of(backend.getLong(1))
                    .flatMap(ProcessHandle::parent)
                    .orElseThrow();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A row that commits to disk. */
    private record BareInsert(HikariDataSource pool) implements Bare {
        private static final byte[] ROW = new byte[400];

        @Override
        public String name() {
            return "bare INSERT";
        }

        @Override
        public void write() {
            try (Connection connection = pool.getConnection();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO bare_mix (row) VALUES (?)")) {
                insert.setBytes(1, ROW);
                insert.executeUpdate();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
