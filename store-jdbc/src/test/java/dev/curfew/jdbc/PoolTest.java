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
                    int networkTimeout = only.getNetworkTimeout();
                    JdbcSessionStore store = Stores.node(new SingleConnection(only), Stores.prefix());
                    store.migrate();
                    store.open(Given.SETTINGS, Given.BIRTH);
                    useAll(store);

                    assertThat(only.getAutoCommit()).isEqualTo(autoCommit);
                    if (!autoCommit) {
                        only.rollback();
                    }
                    assertThat(only.getTransactionIsolation()).isEqualTo(isolation);
                    assertThat(only.getNetworkTimeout()).isEqualTo(networkTimeout);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_pool_of_one_connection_never_deadlocks(TestDatabase database) throws Exception {
        try (HikariDataSource one = Pools.of(database.url(), 1)) {
            String prefix = Stores.prefix();
            JdbcSessionStore store = JdbcSessionStore.on(one)
                    .prefix(prefix)
                    .callTimeout(Duration.ofSeconds(20))
                    .build();
            store.migrate();
            store.open(Given.SETTINGS, Given.BIRTH);
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
