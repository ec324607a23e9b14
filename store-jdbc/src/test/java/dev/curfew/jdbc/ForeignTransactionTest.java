package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.curfew.contract.Given;
import dev.curfew.contract.GivenSession;
import dev.curfew.jdbc.audit.AuditQuery;
import dev.curfew.jdbc.audit.AuditSinks;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import dev.curfew.jdbc.database.ForeignTransactionException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A connection in the middle of somebody else's transaction: the store neither works in it nor commits it. */
@Timeout(240)
final class ForeignTransactionTest {
    @ParameterizedTest
    @EnumSource
    void a_source_that_joins_the_callers_transaction_is_refused_and_the_transaction_is_left_alone(TestDatabase database)
            throws Exception {
        String prefix = Stores.prefix();
        GivenSession session = Stores.login(Stores.opened(database.pool(), prefix), Given.subject("alice"));
        JdbcAuditSink table = AuditSinks.plain(database, prefix);
        JoiningSource source = new JoiningSource(database.pool());
        JdbcSessionStore store = Stores.node(source, prefix);
        store.open(Given.SETTINGS, Given.BIRTH);
        JdbcAuditSink sink = JdbcAuditSink.on(source).prefix(prefix).build();
        table.write(AuditSinks.records("old", 1));
        execute(database, "CREATE TABLE " + prefix + "host (id INTEGER)");

        for (boolean writes : new boolean[] {true, false}) {
            try (Connection host = database.transaction();
                    Statement statement = host.createStatement()) {
                source.join(host);
                statement.execute(
                        writes ? "INSERT INTO " + prefix + "host VALUES (1)" : "SELECT * FROM " + prefix + "host");
                isRefused(() -> Stores.revoke(store, "alice"));
                isRefused(() -> store.find(session.ref(), Given.NOW));
                isRefused(() -> store.revocationsCovering(session.token("t"), Given.NOW));
                isRefused(() -> sink.write(AuditSinks.records("new", 1)));
                isRefused(() -> sink.find(AuditQuery.all()));
                assertThat(host.getAutoCommit()).isFalse();
                host.rollback();
            } finally {
                source.leave();
            }
        }

        assertThat(AuditSinks.number(database, "SELECT COUNT(*) FROM " + prefix + "host"))
                .isZero();
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isEmpty();
        assertThat(AuditSinks.ids(sink, AuditQuery.all())).hasSize(1);
        Stores.revoke(store, "alice");
        assertThat(store.revocationsCovering(session.token("t"), Given.NOW)).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_pool_without_autocommit_works_where_driver_or_server_says_that_no_transaction_is_open(TestDatabase database)
            throws Exception {
        // The pool tests each connection before it lends it.
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "0");
        try (HikariDataSource pool = Pools.of(database.url(), 2, config -> config.setAutoCommit(false))) {
            String prefix = Stores.prefix();
            JdbcSessionStore store = Stores.opened(pool, prefix);
            for (int i = 0; i < 3; i++) {
                GivenSession session = Stores.login(store, Given.subject("alice-" + i));
                Stores.revoke(store, "alice-" + i);
                assertThat(store.revocationsCovering(session.token("t"), Given.NOW))
                        .isNotEmpty();
            }
        } finally {
            System.clearProperty("com.zaxxer.hikari.aliveBypassWindowMs");
        }
    }

    @Test
    void where_nobody_can_say_it_a_pool_without_autocommit_is_refused_unless_the_host_vouches_for_it()
            throws Exception {
        try (HikariDataSource pool = Pools.of(TestDatabase.H2.url(), 2, config -> config.setAutoCommit(false))) {
            String prefix = Stores.prefix();
            assertThatExceptionOfType(ForeignTransactionException.class)
                    .isThrownBy(() -> Stores.node(pool, prefix).migrate())
                    .withMessageContaining("trustConnectionsWithoutAutoCommit()");
            JdbcSessionStore store = JdbcSessionStore.on(pool)
                    .prefix(prefix)
                    .trustConnectionsWithoutAutoCommit()
                    .build();
            store.migrate();
            store.open(Given.SETTINGS, Given.BIRTH);
            Stores.login(store, Given.subject("alice"));
        }
    }

    private static void isRefused(ThrowingCallable call) {
        assertThatExceptionOfType(ForeignTransactionException.class).isThrownBy(call);
    }

    private static void execute(TestDatabase database, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database.url());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.execute(sql) ? statement.getResultSet() : null) {
            assertThat(rows).isNull();
        }
    }
}
