package dev.curfew.examples.hosts;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.store.SessionStore;

/** Where sessions and revocations are: in the database of the settings, or in memory. Thread-safe. */
final class Storage implements AutoCloseable {
    private static final int CONNECTIONS = 8;

    /** Shorter than a call of the store may last, so that a failure says why there was no connection. */
    private static final long CONNECT_MILLIS = 1_000;

    private final SessionStore store;
    private final Runnable end;

    private Storage(SessionStore store, Runnable end) {
        this.store = store;
        this.end = end;
    }

    static Storage of(HostSettings settings) {
        return settings.jdbcUrl()
                .map(url -> inDatabase(url, settings))
                .orElseGet(() -> new Storage(InMemorySessionStore.create(), () -> {}));
    }

    SessionStore store() {
        return store;
    }

    @Override
    public void close() {
        end.run();
    }

    private static Storage inDatabase(String url, HostSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(settings.jdbcUser());
        config.setPassword(settings.jdbcPassword());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECT_MILLIS);
        HikariDataSource pool = new HikariDataSource(config);
        JdbcSessionStore store = JdbcSessionStore.on(pool).build();
        // A host whose administrators apply DDL calls writeSchema(...) once instead.
        store.migrate();
        return new Storage(store, () -> {
            store.close();
            pool.close();
        });
    }
}
