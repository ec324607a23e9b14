package dev.curfew.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.StoreCapability;
import dev.curfew.contract.StoreFixture;
import dev.curfew.session.SessionRef;
import dev.curfew.store.SessionStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores in one shared database, each with tables of its own, which go when the test is over. */
class JdbcFixture implements StoreFixture {
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final HikariDataSource pool;
    private final List<String> prefixes = new ArrayList<>();
    private final Queue<JdbcSessionStore> nodes = new ConcurrentLinkedQueue<>();
    private volatile Duration clockAhead = Duration.ZERO;

    JdbcFixture(HikariDataSource pool) {
        this.pool = pool;
    }

    @Override
    public JdbcSessionStore freshStore() {
        clockAhead = Duration.ZERO;
        prefixes.add("t" + NUMBERS.incrementAndGet() + "_");
        JdbcSessionStore store = node();
        store.migrate();
        return store;
    }

    @Override
    public Set<StoreCapability> capabilities() {
        return Set.of(
                StoreCapability.SEVERAL_NODES,
                StoreCapability.INSISTED_ACTS,
                StoreCapability.SURVIVES_RESTART,
                StoreCapability.HORIZON,
                StoreCapability.OWN_CLOCK,
                StoreCapability.SECOND_OPINION,
                StoreCapability.DAMAGED_ROWS,
                StoreCapability.SESSIONS_OF_TARGET,
                StoreCapability.PAYLOAD_REWRITING,
                StoreCapability.SUBJECT_ERASURE,
                StoreCapability.SESSIONS_OF_SCOPE,
                StoreCapability.SHARED_RECORDS);
    }

    @Override
    public SessionStore secondNode() {
        return node();
    }

    @Override
    public SessionStore restarted() {
        pool.getHikariPoolMXBean().softEvictConnections();
        return node();
    }

    @Override
    public void storeClockAhead(Duration ahead) {
        clockAhead = ahead;
    }

    /** A credential without a secret, which this version writes nowhere. */
    @Override
    public void damageRow(SessionRef session) {
        try (Connection connection = pool.getConnection();
                PreparedStatement update = connection.prepareStatement("UPDATE " + prefix()
                        + "session SET secret_hash = NULL, credential = ? WHERE session_key = ?")) {
            update.setBytes(1, new byte[] {1});
            update.setBytes(2, session.key().toBytes());
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("no row of session " + session.key());
            }
        } catch (SQLException e) {
            throw new IllegalStateException("a row is not to be damaged", e);
        }
    }

    @Override
    public int manySessions() {
        return 5_000;
    }

    @Override
    public int rounds() {
        return 20;
    }

    @Override
    public void close() {
        nodes.forEach(JdbcSessionStore::close);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            for (String prefix : prefixes) {
                for (String table : List.of("state", "subject", "session", "revocation", "record", "migration")) {
                    statement.execute("DROP TABLE IF EXISTS " + prefix + table);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the tables of a test do not go", e);
        }
    }

    final String prefix() {
        return prefixes.get(prefixes.size() - 1);
    }

    private JdbcSessionStore node() {
        JdbcSessionStore node = JdbcSessionStore.on(pool)
                .prefix(prefix())
                .callTimeout(Duration.ofSeconds(20))
                .attempts(10)
                .serverClock((now, reading) -> now.plus(clockAhead))
                .build();
        nodes.add(node);
        return node;
    }
}
