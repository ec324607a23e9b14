package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoreUnavailableException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * PgBouncer in transaction pooling between store and server: each transaction may be served by another process of the
 * server.
 */
@Timeout(120)
final class PgBouncerTest {
    private static final int THREADS = 6;
    private static final int ROUNDS = 12;

    /** More clients than connections to the server, so that each meets what others have left there. */
    private static final int SERVER_CONNECTIONS = 3;

    @TempDir
    private Path folder;

    @BeforeAll
    static void requireInstalled() {
        PgBouncer.requireInstalled();
    }

    @Test
    void every_verb_works_with_the_drivers_default_settings() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(folder, SERVER_CONNECTIONS);
                HikariDataSource pool = Pools.of(bouncer.url(), THREADS);
                HikariDataSource other = Pools.of(bouncer.url(), THREADS)) {
            String prefix = Stores.prefix();
            Stores.opened(pool, prefix);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                JdbcSessionStore store = Stores.node(i % 2 == 0 ? pool : other, prefix);
                store.open(Given.SETTINGS, Given.BIRTH);
                running.add(threads.submit(() -> useAll(store, "subject-" + number)));
            }
            for (Future<?> one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
            threads.shutdownNow();
            // What the store sets is for its own transactions alone, and not for whoever is served by the same process
            // next.
            for (int i = 0; i < SERVER_CONNECTIONS * 3; i++) {
                assertThat(ask(pool, "SHOW idle_in_transaction_session_timeout"))
                        .isEqualTo("0");
                assertThat(ask(pool, "SHOW statement_timeout")).isEqualTo("0");
                assertThat(ask(pool, "SHOW transaction_isolation")).isEqualTo("read committed");
            }
        }
    }

    @Test
    void where_the_pool_hides_the_driver_the_failure_says_that_it_is_a_pooler_and_what_to_set() throws Exception {
        try (PgBouncer bouncer = PgBouncer.start(folder, SERVER_CONNECTIONS);
                HikariDataSource pool = Pools.of(bouncer.url(), THREADS)) {
            String prefix = Stores.prefix();
            Stores.opened(pool, prefix);
            DataSource hidden = hidden(pool);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int number = i;
                JdbcSessionStore store = Stores.node(hidden, prefix);
                running.add(threads.submit(() -> {
                    store.open(Given.SETTINGS, Given.BIRTH);
                    useAll(store, "subject-" + number);
                }));
            }
            List<Throwable> failures = new ArrayList<>();
            for (Future<?> one : running) {
                try {
                    one.get(60, TimeUnit.SECONDS);
                } catch (java.util.concurrent.ExecutionException e) {
                    failures.add(e.getCause());
                }
            }
            threads.shutdownNow();
            assertThat(failures)
                    .isNotEmpty()
                    .anySatisfy(failure -> assertThat(failure)
                            .isInstanceOf(StoreUnavailableException.class)
                            .hasRootCauseMessage(
                                    "a pooler in transaction mode (PgBouncer, say) loses prepared statements "
                                            + "between two"
                                            + " uses: set the driver's prepareThreshold=0"));
            assertThat(failures).noneMatch(SchemaException.class::isInstance);
        }
    }

    @Test
    void hints_need_a_source_that_leads_past_it() throws Exception {
        String prefix = Stores.prefix();
        Semaphore hints = new Semaphore(0);
        try (PgBouncer bouncer = PgBouncer.start(folder, SERVER_CONNECTIONS);
                HikariDataSource pool = Pools.of(bouncer.url(), THREADS);
                JdbcSessionStore store =
                        JdbcSessionStore.on(pool).prefix(prefix).build();
                JdbcSessionStore hinted = JdbcSessionStore.on(pool)
                        .prefix(prefix)
                        .hintsFrom(TestDatabase.POSTGRESQL.pool())
                        .build()) {
            store.migrate();
            store.open(Given.SETTINGS, Given.BIRTH);
            hinted.open(Given.SETTINGS, Given.BIRTH);
            try (AutoCloseable none = store.hints(() -> {
                        throw new AssertionError("a hint through the pooler");
                    });
                    AutoCloseable listening = hinted.hints(hints::release)) {
                assertThat(hints.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                Stores.revoke(store, "alice");
                assertThat(hints.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
                assertThat(List.of(none, listening)).hasSize(2);
            }
        }
    }

    private static void useAll(JdbcSessionStore store, String subject) {
        for (int i = 0; i < ROUNDS; i++) {
            GivenSession session = Stores.login(store, Given.subject(subject + "-" + i));
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
            store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isNotEmpty();
            store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW);
            assertThat(store.newestCutOff(Given.subject(subject), Given.NOW)).isNotNull();
        }
    }

    private static String ask(DataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    /** A pool whose connections and statements say nothing of what is behind them. */
    private static DataSource hidden(DataSource pool) {
        return (DataSource) hidden(DataSource.class, pool);
    }

    private static Object hidden(Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                PgBouncerTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("unwrap")) {
                        throw new SQLException("nothing to see");
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        Class<?> answer = method.getReturnType();
                        return result != null
                                        && (answer == Connection.class || Statement.class.isAssignableFrom(answer))
                                ? hidden(answer, result)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
