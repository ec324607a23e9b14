package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.sql.Dialect;
import dev.curfew.papers.TroubleshootingPage;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** What the page about trouble quotes of this module is what the code says when it is caused. */
@Timeout(120)
final class TroubleshootingTest {
    @Test
    void each_message_on_the_page_is_said_and_each_that_is_said_here_stands_on_the_page() throws IOException {
        TroubleshootingPage page = TroubleshootingPage.of("jdbc");
        connections(page);
        tables(page);
        page.cause("another database", () -> Dialect.ofProduct("Oracle"))
                .cause("a transaction of somebody else", insideOfATransaction())
                .cause("nothing to join", () -> {
                    try (Connection connection = TestDatabase.H2.pool().getConnection()) {
                        return store(TestDatabase.H2.pool()).join(connection);
                    }
                });

        assertThat(page.differences()).isEmpty();
    }

    private static void connections(TroubleshootingPage page) {
        page.cause("a wrong password", migrating(h2("wrong password", source -> {
                    source.setPassword("another");
                })))
                .cause("a wrong port", migrating(postgres("jdbc:postgresql://127.0.0.1:1/postgres?user=postgres")))
                .cause(
                        "an unknown host",
                        migrating(postgres("jdbc:postgresql://nowhere.invalid/postgres?user=postgres")))
                .cause("no such user", migrating(postgres(Postgres.url().replace("user=postgres", "user=nobody"))))
                .cause("TLS and a server without", migrating(postgres(Postgres.url() + "&sslmode=require")))
                .cause("clocks that are apart", () -> {
                    try (JdbcSessionStore store = store(TestDatabase.H2.pool())) {
                        store.migrate();
                        store.open(Given.SETTINGS, Instant.now());
                        return store.purge(Instant.now().plus(Duration.ofHours(1)), 10);
                    }
                })
                .cause("no driver", () -> {
                    try (HikariDataSource pool = new HikariDataSource()) {
                        pool.setJdbcUrl("jdbc:oracle:thin:@//db/app");
                        return migrating(pool).call();
                    }
                })
                .cause("a pool that is patient", () -> {
                    try (HikariDataSource pool = new HikariDataSource()) {
                        pool.setInitializationFailTimeout(-1);
                        pool.setJdbcUrl("jdbc:postgresql://127.0.0.1:1/postgres?user=postgres");
                        return opening(pool).call();
                    }
                });
    }

    private static void tables(TroubleshootingPage page) {
        for (TestDatabase database : TestDatabase.values()) {
            page.cause("no tables in " + database, opening(database.pool(), Stores.prefix()));
        }
        page.cause("tables that are dropped under load", () -> {
                    DataSource source = h2("dropped", any -> {});
                    JdbcSessionStore store = store(source);
                    store.migrate();
                    store.open(Given.SETTINGS, Given.BIRTH);
                    execute(source, "DROP ALL OBJECTS");
                    return store.newestCutOff(Given.subject("alice"), Given.NOW);
                })
                .cause("tables of before", () -> {
                    DataSource source = h2("older", any -> {});
                    store(source).migrate();
                    execute(source, "ALTER TABLE curfew_session DROP COLUMN credential");
                    return opening(source).call();
                })
                .cause("a user without rights", () -> {
                    String prefix = Stores.prefix();
                    Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
                    execute(
                            TestDatabase.POSTGRESQL.pool(),
                            "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'stranger') THEN"
                                    + " CREATE ROLE stranger LOGIN; END IF; END $$");
                    return opening(postgres(Postgres.url().replace("user=postgres", "user=stranger")), prefix)
                            .call();
                });
    }

    private static Callable<String> migrating(DataSource source) {
        return () -> {
            try (JdbcSessionStore store = store(source)) {
                store.migrate();
                return "migrated";
            }
        };
    }

    private static Callable<String> opening(DataSource source) {
        return opening(source, "curfew_");
    }

    private static Callable<String> opening(DataSource source, String prefix) {
        return () -> {
            try (JdbcSessionStore store =
                    JdbcSessionStore.on(source).prefix(prefix).build()) {
                store.open(Given.SETTINGS, Given.BIRTH);
                return "opened";
            }
        };
    }

    private static JdbcSessionStore store(DataSource source) {
        return JdbcSessionStore.on(source).build();
    }

    private static PGSimpleDataSource postgres(String url) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        return source;
    }

    private static DataSource h2(String name, Consumer<JdbcDataSource> change) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
        source.setUser("sa");
        source.setPassword("right");
        try {
            source.getConnection().close();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        change.accept(source);
        return source;
    }

    /** As a framework's transactional proxy: what it gives out is at work already. */
    private static Callable<String> insideOfATransaction() {
        return () -> {
            JoiningSource source = new JoiningSource(TestDatabase.POSTGRESQL.pool());
            try (Connection host = TestDatabase.POSTGRESQL.pool().getConnection();
                    Statement statement = host.createStatement()) {
                host.setAutoCommit(false);
                statement.execute("SELECT 1");
                source.join(host);
                return opening(source).call();
            } finally {
                source.leave();
            }
        };
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
