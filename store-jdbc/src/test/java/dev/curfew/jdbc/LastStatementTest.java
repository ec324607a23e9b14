package dev.curfew.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.jdbc.database.SchemaException;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.DatabaseOptions;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The statement that may take the commit along, on each database. */
final class LastStatementTest {
    private final String table = "last_" + Stores.prefix() + "row";
    private Database database;

    @ParameterizedTest
    @EnumSource
    void what_it_writes_is_committed_with_what_stood_before_it(TestDatabase kind) {
        connect(kind);

        database.execute("both", connection -> {
            insert(connection.prepare("INSERT INTO " + table + " VALUES (?)"), 1);
            insert(connection.prepareLast("INSERT INTO " + table + " VALUES (?)"), 2);
        });

        assertThat(count()).isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void if_it_fails_nothing_is_committed(TestDatabase kind) {
        connect(kind);

        assertThatThrownBy(() -> database.execute("both", connection -> {
                    insert(connection.prepare("INSERT INTO " + table + " VALUES (?)"), 1);
                    insert(connection.prepareLast("INSERT INTO " + table + "_absent VALUES (?)"), 2);
                }))
                .isInstanceOf(SchemaException.class);

        assertThat(count()).isZero();
    }

    /** Elsewhere the commit comes later, and what stands behind is part of the same transaction. */
    @ParameterizedTest
    @EnumSource(names = "POSTGRESQL")
    void nothing_can_be_prepared_behind_it(TestDatabase kind) {
        connect(kind);

        assertThatThrownBy(() -> database.execute("both", connection -> {
                    insert(connection.prepareLast("INSERT INTO " + table + " VALUES (?)"), 1);
                    insert(connection.prepare("INSERT INTO " + table + " VALUES (?)"), 2);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("behind the last one");

        assertThat(count()).as("the first one is committed").isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void in_a_transaction_of_the_host_it_commits_nothing(TestDatabase kind) throws Exception {
        connect(kind);

        try (var connection = kind.pool().getConnection()) {
            connection.setAutoCommit(false);
            insert(database.joined(connection).prepareLast("INSERT INTO " + table + " VALUES (?)"), 1);
            connection.rollback();
            connection.setAutoCommit(true);
        }

        assertThat(count()).isZero();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private void connect(TestDatabase kind) {
        database = new DatabaseOptions(kind.pool(), Duration.ofSeconds(30), 1).connect();
        database.execute("create", connection -> {
            try (SqlStatement create = connection.prepare("CREATE TABLE " + table + " (id BIGINT PRIMARY KEY)")) {
                create.update();
            }
        });
    }

    private long count() {
        return database.read("count", this::count);
    }

    private long count(SqlConnection connection) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT COUNT(*) FROM " + table)) {
            return select.firstNumber().orElseThrow();
        }
    }

    private static void insert(SqlStatement prepared, long id) throws SQLException {
        try (prepared) {
            prepared.number(id).update();
        }
    }
}
