package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.RevocationHunt;
import dev.curfew.store.SessionStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that check millions of tokens from their replicas while the server is paused, killed and started again. */
@Timeout(180)
final class ReplicaHuntTest {
    private static final Duration HUNT = Duration.ofSeconds(Integer.getInteger("curfew.hunt.seconds", 12));

    @Test
    void no_revoked_token_passes_whatever_happens_to_the_server(@TempDir Path data) throws Exception {
        EmbeddedPostgres server = durable(data, 0);
        int port = server.getPort();
        String url = server.getJdbcUrl("postgres", "postgres");
        String prefix = Stores.prefix();
        try (HikariDataSource one = Pools.of(url, 4);
                HikariDataSource other = Pools.of(url, 4)) {
            Stores.opened(one, prefix);
            List<SessionStore> stores = List.of(Stores.impatient(one, prefix), Stores.impatient(other, prefix));
            EmbeddedPostgres[] running = {server};
            try (RevocationHunt hunt = new RevocationHunt(stores, ManualClock.at(Given.NOW))) {
                hunt.hunt(HUNT, () -> {
                    rest();
                    ServerProcesses processes = processesOf(one);
                    processes.signal("STOP");
                    restBeyondPatience();
                    processes.signal("CONT");
                    rest();
                    running[0] = restarted(data, port, one, running[0]);
                });

                assertThat(hunt.checks()).isGreaterThan(1_000_000);
                assertThat(hunt.unanswered())
                        .as("the server was away for longer than the staleness")
                        .isPositive();
            }
            running[0].close();
        }
    }

    /** Killed at once, with all its children, and started on the same files and port. */
    private static EmbeddedPostgres restarted(Path data, int port, HikariDataSource pool, EmbeddedPostgres server) {
        try {
            ServerProcesses.of(pool).signal("KILL");
            rest();
            server.close();
            Files.deleteIfExists(data.resolve("postmaster.pid"));
            return durable(data, port);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As they are now: a connection that the pool has made since would go on working. */
    private static ServerProcesses processesOf(HikariDataSource pool) {
        try {
            return ServerProcesses.of(pool);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Longer than a check is fresh (1 s) and then waits (2 s), so that some are not answered. */
    private static void restBeyondPatience() {
        LockSupport.parkNanos(Duration.ofSeconds(4).toNanos());
    }

    private static void rest() {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }

    private static EmbeddedPostgres durable(Path data, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on");
        return port == 0 ? builder.start() : builder.setPort(port).start();
    }
}
