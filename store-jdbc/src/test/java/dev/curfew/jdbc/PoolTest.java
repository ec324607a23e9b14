package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.Precondition;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The host's pool: its settings are restored, and one connection is enough. */
@Timeout(60)
final class PoolTest {
    @ParameterizedTest
    @EnumSource
    void whatever_the_pool_has_set_is_restored(TestDatabase database) throws Exception {
        for (boolean autoCommit : new boolean[] {true, false}) {
            for (int isolation : new int[] {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            }) {
                try (Connection only = java.sql.DriverManager.getConnection(database.url())) {
                    only.setAutoCommit(autoCommit);
                    only.setTransactionIsolation(isolation);
                    only.setNetworkTimeout(Runnable::run, 77_000);
                    set(database, only);
                    int networkTimeout = only.getNetworkTimeout();
                    String settings = settings(database, only);
                    JdbcSessionStore store = Stores.opened(Stores.on(new SingleConnection(only), Stores.prefix())
                            .trustConnectionsWithoutAutoCommit());
                    useAll(store);

                    assertThat(only.getAutoCommit()).isEqualTo(autoCommit);
                    if (!autoCommit) {
                        only.rollback();
                    }
                    assertThat(only.getTransactionIsolation()).isEqualTo(isolation);
                    assertThat(only.getNetworkTimeout()).isEqualTo(networkTimeout);
                    assertThat(settings(database, only)).isEqualTo(settings);
                }
            }
        }
    }

    private static void set(TestDatabase database, Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            if (database == TestDatabase.MARIADB) {
                statement.execute(
                        "SET SESSION idle_transaction_timeout = 71, SESSION idle_write_transaction_timeout = 72,"
                                + " SESSION idle_readonly_transaction_timeout = 73, SESSION wait_timeout = 74");
            } else if (database == TestDatabase.POSTGRESQL) {
                statement.execute("SET idle_in_transaction_session_timeout = 71000");
            }
        }
        connection.setAutoCommit(autoCommit);
    }

    /** What a transaction of the store sets at the server; the host's own values differ from the server's. */
    private static String settings(TestDatabase database, Connection connection) throws SQLException {
        List<String> names = switch (database) {
            case POSTGRESQL ->
                List.of("statement_timeout", "idle_in_transaction_session_timeout", "transaction_timeout");
            case MARIADB ->
                List.of(
                        "idle_transaction_timeout",
                        "idle_write_transaction_timeout",
                        "idle_readonly_transaction_timeout",
                        "wait_timeout");
            case H2 -> List.of();
        };
        StringBuilder values = new StringBuilder();
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            for (String name : names) {
                try (ResultSet row = statement.executeQuery(
                        (database == TestDatabase.POSTGRESQL ? "SHOW " : "SELECT @@SESSION.") + name)) {
                    row.next();
                    values.append(name).append('=').append(row.getString(1)).append(' ');
                }
            }
        }
        connection.setAutoCommit(autoCommit);
        return values.toString();
    }

    @ParameterizedTest
    @EnumSource
    void a_pool_of_one_connection_never_deadlocks(TestDatabase database) throws Exception {
        try (HikariDataSource one = Pools.of(database.url(), 1)) {
            String prefix = Stores.prefix();
            JdbcSessionStore store = Stores.opened(one, prefix);
            ExecutorService threads = Executors.newFixedThreadPool(8);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                running.add(threads.submit(() -> useAll(store)));
            }
            for (Future<?> future : running) {
                future.get(40, TimeUnit.SECONDS);
            }
            threads.shutdownNow();
        }
    }

    @Test
    void an_exhausted_pool_is_unavailable_within_the_bound_and_the_thread_is_as_before() throws Exception {
        try (HikariDataSource one = Pools.of(Postgres.url(), 1)) {
            String prefix = Stores.prefix();
            JdbcSessionStore patient = Stores.opened(one, prefix);
            JdbcSessionStore store = Stores.impatient(one, prefix);
            try (Connection taken = one.getConnection()) {
                assertThat(taken.isValid(1)).isTrue();
                long begin = System.nanoTime();
                assertThatExceptionOfType(StoreUnavailableException.class)
                        .isThrownBy(() -> store.revoke(
                                Given.act(RevocationTarget.realm(Given.REALM)).build(),
                                Precondition.none(),
                                Given.NOW));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Stores.TIMEOUT.plus(Stores.GRACE));
                assertThat(Thread.interrupted()).isFalse();
            }
            Stores.login(patient, Given.subject("alice"));
        }
    }

    private static void useAll(JdbcSessionStore store) {
        for (int i = 0; i < 3; i++) {
            GivenSession session = Stores.login(store, Given.subject("alice"));
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
            store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isNotEmpty();
            store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW);
            store.purge(Given.NOW, 10);
        }
    }
}
