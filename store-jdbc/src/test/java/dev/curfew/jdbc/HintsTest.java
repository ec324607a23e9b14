package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hints on PostgreSQL. */
@Timeout(60)
final class HintsTest {
    @Test
    void a_revocation_on_one_node_is_hinted_on_another_also_after_the_connection_was_lost() throws Exception {
        try (HikariDataSource pool = Pools.of(Postgres.url(), 4)) {
            String prefix = Stores.prefix();
            JdbcSessionStore one = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
            JdbcSessionStore other = Stores.node(pool, prefix);
            Semaphore hints = new Semaphore(0);
            try (AutoCloseable listening = other.hints(hints::release)) {
                assertThat(listening).isNotNull();
                await(hints, "the first connection");
                Stores.revoke(one, "a");
                await(hints, "a revocation");

                try (Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                        Statement statement = connection.createStatement()) {
                    statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                            + " WHERE query = 'LISTEN " + prefix + "feed'");
                }
                await(hints, "the reconnection");
                Stores.revoke(one, "b");
                await(hints, "a revocation after it");
            }
        }
    }

    @Test
    void elsewhere_there_are_none() throws Exception {
        JdbcSessionStore store = Stores.opened(TestDatabase.H2.pool(), Stores.prefix());
        try (AutoCloseable listening = store.hints(() -> {
            throw new AssertionError("no hint is possible");
        })) {
            Stores.revoke(store, "a");
            assertThat(listening).isNotNull();
        }
    }

    private static void await(Semaphore hints, String what) throws InterruptedException {
        assertThat(hints.tryAcquire(20, TimeUnit.SECONDS)).as(what).isTrue();
    }
}
