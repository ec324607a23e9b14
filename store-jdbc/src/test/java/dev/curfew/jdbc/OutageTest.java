package dev.curfew.jdbc;

import static dev.curfew.jdbc.Patience.endsInTime;
import static dev.curfew.jdbc.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed, paused or restarted: never a false success, always an answer within the bound. */
@Timeout(120)
final class OutageTest {
    @Test
    void a_connection_that_is_killed_in_the_middle_is_unavailable_and_nothing_happened() throws Exception {
        HikariDataSource pool = TestDatabase.POSTGRESQL.pool();
        String prefix = Stores.prefix();
        JdbcSessionStore store = Stores.opened(pool, prefix);
        GivenSession session = Stores.login(store, Given.subject("alice"));
        RevocationRequest request = Given.act(session.target()).build();

        try (Connection host = TestDatabase.POSTGRESQL.transaction();
                Statement lock = host.createStatement()) {
            lock.execute("SELECT * FROM " + prefix + "subject FOR UPDATE");
            CompletableFuture<RevokeResult> waiting = CompletableFuture.supplyAsync(
                    () -> store.revoke(request, Precondition.none(), Given.NOW), Stores.OWN_THREADS);
            killWhoWaits(lock);
            assertThat(waiting)
                    .failsWithin(20, TimeUnit.SECONDS)
                    .withThrowableThat()
                    .withCauseInstanceOf(StoreUnavailableException.class);
        }

        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
        assertThat(store.revoke(request, Precondition.none(), Given.NOW))
                .isInstanceOfSatisfying(
                        RevokeResult.Recorded.class,
                        it -> assertThat(it.newlyCovered()).isEqualTo(1));
    }

    @Test
    void a_lock_that_somebody_keeps_ends_within_the_bound() throws Exception {
        for (TestDatabase database : TestDatabase.values()) {
            String prefix = Stores.prefix();
            JdbcSessionStore store = Stores.opened(database.pool(), prefix);
            GivenSession session = Stores.login(store, Given.subject("alice"));
            try (Connection host = database.transaction();
                    Statement lock = host.createStatement()) {
                lock.execute("SELECT * FROM " + prefix + "subject FOR UPDATE");
                JdbcSessionStore impatient = Stores.impatient(database.pool(), prefix);
                endsInTime(() -> impatient.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW));
            }
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
        }
    }

    @Test
    void a_server_that_is_paused_is_unavailable_within_the_bound_and_works_again_afterwards() throws Exception {
        EmbeddedPostgres server = Postgres.start();
        try (HikariDataSource pool = Pools.of(server.getJdbcUrl("postgres", "postgres"), 4)) {
            String prefix = Stores.prefix();
            GivenSession session = Stores.login(Stores.opened(pool, prefix), Given.subject("alice"));
            JdbcSessionStore store = Stores.impatient(pool, prefix);
            RevocationRequest request = Given.act(session.target()).build();
            ServerProcesses processes = ServerProcesses.of(pool);
            processes.signal("STOP");
            try {
                endsInTime(() -> store.revocationsCovering(session.token("t"), Given.NOW));
                endsInTime(() -> store.revoke(request, Precondition.none(), Given.NOW));
                endsInTime(() -> store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW));
            } finally {
                processes.signal("CONT");
            }
            RevokeResult.Recorded result =
                    (RevokeResult.Recorded) eventually(() -> store.revoke(request, Precondition.none(), Given.NOW));
            assertThat(result.newlyCovered()).isEqualTo(1);
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).containsExactly(result.entry());
        } finally {
            server.close();
        }
    }

    @Test
    void what_was_acknowledged_survives_the_death_of_the_server(@TempDir Path data) throws Exception {
        int acknowledged = 0;
        String prefix = Stores.prefix();
        EmbeddedPostgres server = durable(data);
        try (HikariDataSource pool = Pools.of(server.getJdbcUrl("postgres", "postgres"), 4)) {
            Stores.opened(pool, prefix);
            JdbcSessionStore store = Stores.impatient(pool, prefix);
            ServerProcesses processes = ServerProcesses.of(pool);
            CompletableFuture<Void> killer = CompletableFuture.runAsync(
                    () -> processes.signal("KILL"), CompletableFuture.delayedExecutor(300, TimeUnit.MILLISECONDS));
            try {
                while (true) {
                    store.revoke(act(acknowledged), Precondition.none(), Given.NOW);
                    acknowledged++;
                }
            } catch (StoreUnavailableException e) {
                killer.get(10, TimeUnit.SECONDS);
            }
        }
        // Its processes are gone; this only gives back the lock that the launcher holds on the folder.
        server.close();
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        EmbeddedPostgres again = durable(data);
        try (HikariDataSource pool = Pools.of(again.getJdbcUrl("postgres", "postgres"), 4)) {
            JdbcSessionStore store = Stores.node(pool, prefix);
            store.open(Given.SETTINGS, Given.NOW);
            assertThat(acknowledged).isPositive();
            for (int i = 0; i < acknowledged; i++) {
                assertThat(store.revocationsCovering(
                                Given.token(Given.subject("s" + i), "t")
                                        .issuedAt(Given.NOW)
                                        .build(),
                                Given.NOW))
                        .as("revocation %s of %s", i, acknowledged)
                        .isNotEmpty();
            }
        } finally {
            again.close();
        }
    }

    private static RevocationRequest act(int number) {
        return Given.act(RevocationTarget.subject(Given.subject("s" + number))).build();
    }

    static EmbeddedPostgres durable(Path data) throws IOException {
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start();
    }

    private static void killWhoWaits(Statement statement) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            // Within a transaction the server shows what it showed first, unless it is told to look again.
            statement.execute("SELECT pg_stat_clear_snapshot()");
            try (ResultSet row = statement.executeQuery("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE wait_event_type = 'Lock' AND query LIKE '%subject%'")) {
                if (row.next()) {
                    return;
                }
            }
        }
        throw new AssertionError("nobody waited");
    }
}
