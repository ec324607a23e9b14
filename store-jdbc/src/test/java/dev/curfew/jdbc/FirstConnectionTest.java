package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.jdbc.audit.AuditQuery;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.session.FailureText;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A connection that cannot be made: one sentence says what to check, and what the driver said. */
@Timeout(60)
final class FirstConnectionTest {
    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://nowhere.invalid/postgres?user=postgres, UnknownHostException",
        "jdbc:postgresql://127.0.0.1:1/postgres?user=postgres, ConnectException: Connection refused",
        "{user}, PSQLException: FATAL: role … does not exist",
        "{database}, PSQLException: FATAL: database … does not exist",
        "{limit}, PSQLException: FATAL: too many connections for role …",
    })
    void the_first_connection_that_fails_says_what_to_check(String url, String why) throws Exception {
        AuditSinks.execute(
                TestDatabase.POSTGRESQL,
                "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'limited') THEN"
                        + " CREATE ROLE limited LOGIN CONNECTION LIMIT 0; END IF; END $$");
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url.replace("{user}", Postgres.url().replace("user=postgres", "user=nobody"))
                .replace("{database}", Postgres.url().replace("/postgres?", "/nothing?"))
                .replace("{limit}", Postgres.url().replace("user=postgres", "user=limited")));
        try (JdbcSessionStore store = JdbcSessionStore.on(source).build();
                JdbcAuditSink sink = JdbcAuditSink.on(source).build()) {
            for (Throwable failure : List.of(
                    catchThrowable(() -> store.open(Given.SETTINGS, Given.NOW)),
                    catchThrowable(() -> sink.write(AuditSinks.records("a", 1))),
                    catchThrowable(() -> sink.find(AuditQuery.all())))) {
                assertThat(failure).isInstanceOf(StoreUnavailableException.class);
                assertThat(FailureText.of(failure))
                        .startsWith("SQLException: no connection yet: check URL, user, password, and that the "
                                + "driver is there; ")
                        .contains(why);
            }
        }
    }

    @Test
    void later_ones_say_what_the_driver_said_and_that_nothing_was_done() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(Postgres.url());
        String prefix = Stores.prefix();
        Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        try (JdbcSessionStore store = JdbcSessionStore.on(source).prefix(prefix).build()) {
            store.open(Given.SETTINGS, Given.BIRTH);
            source.setUrl("jdbc:postgresql://nowhere.invalid/postgres?user=postgres");
            Throwable read = catchThrowable(() -> store.newestCutOff(Given.subject("alice"), Given.NOW));
            Throwable write = catchThrowable(() -> store.migrate());
            assertThat(FailureText.of(read)).isEqualTo("UnknownHostException: nowhere.invalid");
            assertThat(read).hasMessageNotContaining("not known to have happened");
            assertThat(write)
                    .hasMessageContaining("this step was not sent")
                    .hasMessageEndingWith("UnknownHostException: nowhere.invalid")
                    .hasMessageNotContaining("not known to have happened");
            assertThat(((StoreUnavailableException) write).mayHaveHappened()).isFalse();
        }
    }

    @Test
    void a_write_that_was_sent_may_have_happened_and_a_read_changes_nothing() throws SQLException {
        String prefix = Stores.prefix();
        Stores.opened(TestDatabase.POSTGRESQL.pool(), prefix);
        try (JdbcSessionStore store = JdbcSessionStore.on(TestDatabase.POSTGRESQL.pool())
                        .prefix(prefix)
                        .callTimeout(Duration.ofMillis(500))
                        .build();
                Connection other = TestDatabase.POSTGRESQL.pool().getConnection();
                Statement lock = other.createStatement()) {
            store.open(Given.SETTINGS, Given.BIRTH);
            other.setAutoCommit(false);
            lock.execute("LOCK TABLE " + prefix + "revocation IN ACCESS EXCLUSIVE MODE");
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> Stores.login(store, Given.subject("alice")))
                    .withMessageContaining("not known to have happened, safe to repeat")
                    .satisfies(failure -> assertThat(failure.mayHaveHappened()).isTrue());
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.newestCutOff(Given.subject("alice"), Given.NOW))
                    .withMessageNotContaining("not known to have happened");
            other.rollback();
        }
    }

    @Test
    void a_pool_that_is_made_now_and_has_no_driver_is_an_outage_that_says_so() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setJdbcUrl("jdbc:oracle:thin:@//db/app");
            JdbcSessionStore store = JdbcSessionStore.on(pool).build();
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(store::migrate)
                    .withMessageContaining("that the driver is there")
                    .withMessageEndingWith("SQLException: No suitable driver");
            store.close();
        }
    }

    @Test
    void a_pool_that_is_interrupted_while_it_waits_does_not_hide_what_that_means() {
        try (HikariDataSource pool = Pools.of("jdbc:postgresql://127.0.0.1:1/postgres?user=postgres", 1, config -> {
                    config.setInitializationFailTimeout(-1);
                    config.setConnectionTimeout(30_000);
                });
                JdbcSessionStore store = JdbcSessionStore.on(pool).build()) {
            assertThatExceptionOfType(StoreUnavailableException.class)
                    .isThrownBy(() -> store.open(Given.SETTINGS, Given.NOW))
                    .satisfies(failure -> assertThat(FailureText.of(failure))
                            .contains("no connection yet")
                            .contains("no connection was free in time"));
        }
    }
}
