package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.curfew.contract.Given;
import dev.curfew.store.StoreUnavailableException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A migration that must wait for somebody else's long transaction gives up, because everybody would wait behind it. */
final class MigrationLockTest {
    private final String prefix = Stores.prefix();

    @ParameterizedTest
    @EnumSource(names = {"POSTGRESQL", "MARIADB"})
    void a_long_read_of_the_table_holds_up_the_migration_and_nobody_else(TestDatabase database) throws Exception {
        UpgradeTest.applyVersion1(database, prefix);
        JdbcSessionStore store = Stores.node(database.pool(), prefix);
        try (Connection dump = database.transaction();
                Statement statement = dump.createStatement()) {
            read(statement);

            assertTimeoutPreemptively(
                    Duration.ofMinutes(2),
                    () -> assertThatExceptionOfType(StoreUnavailableException.class)
                            .isThrownBy(store::migrate));

            try (Connection other = database.pool().getConnection();
                    Statement another = other.createStatement()) {
                read(another);
            }
        }

        store.migrate();
        store.open(Given.SETTINGS, Given.BIRTH);
        Stores.login(store, Given.subject("alice"));
    }

    /** Connections of the pool wait for tables as long as before. */
    @ParameterizedTest
    @EnumSource(names = "MARIADB")
    void the_bound_of_its_wait_does_not_stay_on_the_connection(TestDatabase database) throws Exception {
        SingleConnection single = new SingleConnection(DriverManager.getConnection(database.url()));
        try (Connection connection = single.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET SESSION lock_wait_timeout = 4711");
        }

        Stores.node(single, prefix).migrate();

        try (Connection connection = single.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT @@SESSION.lock_wait_timeout")) {
            row.next();
            assertThat(row.getInt(1)).isEqualTo(4711);
        }
    }

    private void read(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + prefix + "session")) {
            assertThat(row.next()).isTrue();
        }
    }
}
