package dev.curfew.jdbc;

import static dev.curfew.jdbc.Patience.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.Precondition;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that is no writable primary: what it says may be old, so that it is an outage, and its connections go. */
@Timeout(120)
final class ReadOnlyServerTest {
    private static final int TRIES = 100;
    private static final RecordKey RECORD = new RecordKey(LookupKey.of("group"), LookupKey.of("item"));
    private static final RecordKey OTHER = new RecordKey(RECORD.group(), LookupKey.of("other"));
    private static final byte[] VALUE = {1, 2, 3};
    private static final Instant END = Given.NOW.plusSeconds(600);

    @Test
    void a_postgresql_server_that_is_set_read_only_is_an_outage_until_it_is_writable_again() throws Exception {
        try (EmbeddedPostgres server = Postgres.start()) {
            isAnOutageWhile(
                    server.getJdbcUrl("postgres", "postgres"),
                    List.of("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"),
                    List.of("ALTER SYSTEM SET default_transaction_read_only = off", "SELECT pg_reload_conf()"));
        }
    }

    @Test
    void a_mariadb_server_that_is_set_read_only_is_an_outage_until_it_is_writable_again() throws Exception {
        // Its root may write all the same, which must not count.
        isAnOutageWhile(
                TestDatabase.MARIADB.url(), List.of("SET GLOBAL read_only = 1"), List.of("SET GLOBAL read_only = 0"));
    }

    @Test
    void an_h2_file_that_is_opened_for_reading_only_is_an_outage(@TempDir java.nio.file.Path folder) throws Exception {
        String url = "jdbc:h2:file:" + folder.resolve("store");
        String prefix = Stores.prefix();
        GivenSession session;
        try (HikariDataSource pool = Pools.of(url, 2)) {
            session = Stores.login(Stores.opened(pool, prefix), Given.subject("alice"));
        }
        try (HikariDataSource pool = Pools.of(url + ";ACCESS_MODE_DATA=r", 2)) {
            JdbcSessionStore store = Stores.node(pool, prefix);
            isUnavailable(() -> store.open(Given.SETTINGS, Given.BIRTH));
            isUnavailable(store::migrate);
            assertThat(session).isNotNull();
        }
    }

    @Test
    void a_database_that_refuses_to_write_for_now_can_be_read() throws Exception {
        String prefix = Stores.prefix();
        JdbcSessionStore writer = Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        GivenSession session = Stores.login(writer, Given.subject("alice"));
        writer.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW);
        String rights = " INSERT, UPDATE ON " + prefix + "state, " + prefix + "revocation ";
        execute(
                Postgres.url(),
                List.of(
                        "CREATE ROLE reader LOGIN",
                        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
                        "GRANT" + rights + "TO reader"));
        try (HikariDataSource pool = Pools.of(Postgres.url().replace("user=postgres", "user=reader"), 2)) {
            JdbcSessionStore store = Stores.impatient(pool, prefix);
            execute(Postgres.url(), List.of("REVOKE" + rights + "FROM reader"));
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isNotEmpty();
            assertThat(store.find(session.ref(), Given.NOW)).isPresent();
        }
    }

    private static void isAnOutageWhile(String url, List<String> readOnly, List<String> writable) throws Exception {
        String prefix = Stores.prefix();
        try (HikariDataSource pool = Pools.of(url, 3)) {
            Stores.opened(pool, prefix);
            JdbcSessionStore store = Stores.impatient(pool, prefix);
            GivenSession session = Stores.login(store, Given.subject("alice"));
            store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW);
            SharedRecords records = store.ability(SharedRecords.class).orElseThrow();
            assertThat(records.write(RECORD, 0, VALUE, END, Given.NOW)).isTrue();
            SharedRecord standing = records.read(RECORD, Given.NOW).orElseThrow();
            execute(url, readOnly);
            try {
                // A server may take a moment to read its settings again.
                eventuallyUnavailable(() -> store.revocationsCovering(session.token("t"), Given.NOW));
                isUnavailable(() -> store.find(session.ref(), Given.NOW));
                isUnavailable(() -> store.feed().readAfter(FeedPosition.beginning(), 10, Given.NOW));
                isUnavailable(() -> store.revoke(
                        Given.act(RevocationTarget.subject(Given.subject("alice")))
                                .build(),
                        Precondition.none(),
                        Given.NOW));
                isUnavailable(() -> records.read(RECORD, Given.NOW));
                isUnavailable(() -> records.write(OTHER, 0, VALUE, END, Given.NOW));
                isUnavailable(() -> records.write(RECORD, standing.version(), VALUE, END, Given.NOW));
                isUnavailable(() -> records.remove(RECORD, standing.version(), Given.NOW));
                // None of the connections that failed so is lent again.
                assertThat(pool.getHikariPoolMXBean().getIdleConnections()).isZero();
            } finally {
                execute(url, writable);
            }
            eventually(() -> store.revoke(Given.act(session.target()).build(), Precondition.none(), Given.NOW));
            assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isNotEmpty();
            assertThat(records.list(RECORD.group(), Optional.empty(), 10, Given.NOW)
                            .records())
                    .as("none was written, moved or removed meanwhile")
                    .containsExactly(standing);
        }
    }

    private static void execute(String url, List<String> statements) throws Exception {
        try (Connection root = DriverManager.getConnection(url);
                Statement statement = root.createStatement()) {
            // A session that is read-only itself may change the system all the same.
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static void isUnavailable(ThrowingCallable call) {
        assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(call);
    }

    private static void eventuallyUnavailable(Runnable call) {
        for (int i = 0; i < TRIES * TRIES; i++) {
            try {
                call.run();
            } catch (StoreUnavailableException e) {
                return;
            }
        }
        throw new AssertionError("the server is still believed");
    }
}
