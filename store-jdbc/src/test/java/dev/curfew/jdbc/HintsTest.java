package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.store.FeedPosition;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;

/** Hints on PostgreSQL. */
@Timeout(60)
final class HintsTest {
    private static final int REVOCATIONS = 100;

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

    /** A notification makes the next transaction that notifies wait until it is on the disk. */
    @Test
    void of_many_revocations_few_notify_and_the_last_one_is_hinted_all_the_same() throws Exception {
        try (HikariDataSource pool = Pools.of(Postgres.url(), 4);
                Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            String prefix = Stores.prefix();
            JdbcSessionStore writer = Stores.opened(pool, prefix);
            statement.execute("LISTEN " + prefix + "feed");
            PGConnection listening = connection.unwrap(PGConnection.class);
            long begin = System.nanoTime();
            for (int i = 0; i < REVOCATIONS; i++) {
                Stores.revoke(writer, "subject-" + i);
            }
            long quarters = 1 + (System.nanoTime() - begin) / TimeUnit.MILLISECONDS.toNanos(250);
            FeedPosition[] position = {FeedPosition.beginning()};
            // A birth, and all of them: whoever is woken last must find the last one.
            int found = 0;
            long notified = 0;
            while (found < REVOCATIONS + 1) {
                PGNotification[] some = listening.getNotifications(20_000);
                assertThat(some).as("a hint behind the last revocation").isNotEmpty();
                notified += some.length;
                position[0] = FeedPosition.beginning();
                found = Stores.read(writer, position).size();
            }
            assertThat(notified).isBetween(1L, 2 + quarters);
            statement.execute("UNLISTEN *");
        }
    }

    /** As if the process had died before it: nobody is told, and a poll finds it. */
    @Test
    void a_revocation_that_is_alone_is_notified_by_its_commit_and_one_whose_notification_fails_is_found_by_a_poll()
            throws Exception {
        try (HikariDataSource pool = Pools.of(Postgres.url(), 4);
                HikariDataSource otherPool = Pools.of(Postgres.url(), 4);
                Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            String prefix = Stores.prefix();
            JdbcSessionStore other = Stores.opened(otherPool, prefix);
            Semaphore refused = new Semaphore(0);
            JdbcSessionStore writer = Stores.node(RefusingSource.of(pool, "NOTIFY", returned -> {}, refused), prefix);
            writer.open(Given.SETTINGS, Given.BIRTH);
            statement.execute("LISTEN " + prefix + "feed");
            Stores.revoke(writer, "alone");
            assertThat(connection.unwrap(PGConnection.class).getNotifications(20_000))
                    .as("a hint of its own")
                    .isNotEmpty();
            statement.execute("UNLISTEN *");

            try (RevocationReplica replica = RevocationReplica.of(other, Given.SETTINGS)
                    .staleness(Duration.ofSeconds(30), Duration.ofSeconds(1))
                    .start()) {
                int revoked = 0;
                while (!refused.tryAcquire()) {
                    Stores.revoke(writer, "many-" + revoked);
                    revoked++;
                }
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                while (replica.status().entries() < revoked + 1) {
                    assertThat(System.nanoTime() - until).as("polled").isNegative();
                    TimeUnit.MILLISECONDS.sleep(20);
                }
            }
        }
    }

    @Test
    void a_store_that_is_closed_right_behind_its_last_revocation_hints_at_it_and_leaves_the_pool_alone()
            throws Exception {
        try (HikariDataSource pool = Pools.of(Postgres.url(), 4);
                Connection connection = TestDatabase.POSTGRESQL.pool().getConnection();
                Statement statement = connection.createStatement()) {
            String prefix = Stores.prefix();
            JdbcSessionStore writer = Stores.opened(pool, prefix);
            statement.execute("LISTEN " + prefix + "feed");
            Stores.revoke(writer, "first");
            Stores.revoke(writer, "last");

            writer.close();

            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            JdbcSessionStore reader = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
            int found = 0;
            while (found < 3) {
                assertThat(connection.unwrap(PGConnection.class).getNotifications(20_000))
                        .isNotEmpty();
                found = Stores.read(reader, new FeedPosition[] {FeedPosition.beginning()})
                        .size();
            }
            statement.execute("UNLISTEN *");
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
