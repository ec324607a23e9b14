package dev.curfew.examples.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.store.SessionStore;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;

/**
 * Where this server keeps what must outlive a request: in memory, in the database that {@code JDBC_URL} names, or in
 * the Redis that {@code REDIS_URL} names. Thread-safe.
 *
 * <p>With either of these the tokens' signing secret is kept there too, so that tokens from before a restart are told
 * apart by Curfew alone; with {@code CURFEW_KEY} it is encrypted. A real host keeps that secret where it keeps its
 * others.
 */
final class DemoStorage implements AutoCloseable {
    private static final int SECRET_BYTES = 32;

    private final SessionStore store;
    private final byte[] secret;
    private final String afterwards;
    private final DemoKey key;
    private final AutoCloseable client;

    DemoStorage(SessionStore store, DemoKey key, byte[] secret, String afterwards, AutoCloseable client) {
        this.store = store;
        this.key = key;
        this.secret = secret;
        this.afterwards = afterwards;
        this.client = client;
    }

    static DemoStorage inMemory() {
        return new DemoStorage(
                InMemorySessionStore.create(),
                DemoKey.none(),
                newSecret(),
                ", and with its memory all sessions",
                () -> {});
    }

    /**
     * Opens what the environment says: {@code JDBC_URL}, {@code JDBC_USER} and {@code JDBC_PASSWORD}, or {@code
     * REDIS_URL}; memory without either URL. With {@code CURFEW_KEY} what leaves the process is encrypted.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    static DemoStorage from(Map<String, String> environment) {
        String url = environment.getOrDefault("JDBC_URL", "").strip();
        String redis = environment.getOrDefault("REDIS_URL", "").strip();
        if (!redis.isEmpty()) {
            if (!url.isEmpty()) {
                throw new IllegalArgumentException("Set JDBC_URL or REDIS_URL, not both.");
            }
            return DemoRedis.open(redis, DemoKey.from(environment));
        }
        return url.isEmpty()
                ? inMemory()
                : inDatabase(
                        url,
                        environment.getOrDefault("JDBC_USER", ""),
                        environment.getOrDefault("JDBC_PASSWORD", ""),
                        DemoKey.from(environment));
    }

    static DemoStorage inDatabase(String url, String user, String password, DemoKey key) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        if (!user.isEmpty()) {
            config.setUsername(user);
            config.setPassword(password);
        }
        config.setMaximumPoolSize(8);
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "Cannot open the database of JDBC_URL: " + rootOf(e).getMessage(), e);
        }
        try {
            // A host that lets its administrators apply DDL calls writeSchema(...) once instead.
            JdbcSessionStore store = JdbcSessionStore.on(pool).build();
            store.migrate();
            return new DemoStorage(
                    store, key, storedSecret(pool, key), "; sessions and revocations stay in the database", pool);
        } catch (RuntimeException | SQLException e) {
            pool.close();
            throw new IllegalArgumentException(
                    "Cannot use the database of JDBC_URL: " + rootOf(e).getMessage(), e);
        }
    }

    @Override
    public void close() {
        try {
            if (store instanceof AutoCloseable closeable) {
                closeable.close();
            }
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("the storage could not be closed", e);
        }
    }

    SessionStore store() {
        return store;
    }

    /** Under which key sessions are stored. */
    DemoKey key() {
        return key;
    }

    /** What a person who starts the server should know about what is stored; nothing if all stays in memory. */
    String notice() {
        if (store.keepsInProcess()) {
            return "";
        }
        if (key.isThere()) {
            return "Sessions and the signing secret are stored encrypted, under CURFEW_KEY.\n";
        }
        return """
                Sessions and the signing secret are stored UNENCRYPTED. To encrypt them, set CURFEW_KEY to
                what `openssl rand -base64 32` prints, and begin with an empty store.
                """;
    }

    /** What signs tokens. */
    byte[] secret() {
        return secret.clone();
    }

    /** What is left when the server ends, for the end of a sentence that says so. */
    String afterwards() {
        return afterwards;
    }

    private static byte[] storedSecret(DataSource database, DemoKey key) throws SQLException {
        try (Connection connection = database.getConnection()) {
            try (Statement create = connection.createStatement()) {
                create.executeUpdate(
                        "CREATE TABLE IF NOT EXISTS demo_secret (id INTEGER PRIMARY KEY, secret VARCHAR(128))");
            }
            try (PreparedStatement select = connection.prepareStatement("SELECT secret FROM demo_secret WHERE id = 1");
                    ResultSet row = select.executeQuery()) {
                if (row.next()) {
                    return key.open(row.getString(1));
                }
            }
            byte[] secret = newSecret();
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO demo_secret (id, secret) VALUES (1, ?)")) {
                insert.setString(1, key.seal(secret));
                insert.executeUpdate();
            }
            return secret;
        }
    }

    static byte[] newSecret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return secret;
    }

    static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
