package dev.curfew.examples.migrations;

import static dev.curfew.examples.migrations.TestDatabase.execute;
import static dev.curfew.examples.migrations.TestDatabase.hasIndex;
import static dev.curfew.examples.migrations.TestDatabase.tables;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.jdbc.JdbcSessionStore;
import dev.curfew.jdbc.audit.AuditQuery;
import dev.curfew.jdbc.audit.JdbcAuditSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Curfew's scripts, applied by the tools that hosts use, and a store on what they leave behind. */
final class MigrationsTest {
    private static final String INDEX = "curfew_session_client_ix";

    static Stream<Arguments> toolsAndDatabases() {
        return Stream.of(Tool.values())
                .flatMap(tool -> Stream.of(TestDatabase.values()).map(kind -> Arguments.of(tool, kind)));
    }

    @ParameterizedTest
    @MethodSource("toolsAndDatabases")
    void curfews_history_stands_beside_the_hosts_own_and_neither_disturbs_the_other(Tool tool, TestDatabase kind)
            throws Exception {
        DataSource database = kind.create();
        tool.migrateHost(database, 1);

        tool.migrateCurfew(database, kind);
        assertThat(tables(database))
                .contains("orders", tool.historyOfHost(), tool.historyOfCurfew())
                .contains("curfew_session", "curfew_revocation", "curfew_subject", "curfew_state", "curfew_audit")
                .doesNotContain("curfew_migration");
        int curfews = TestDatabase.count(database, tool.historyOfCurfew());

        tool.migrateHost(database, 2);
        execute(database, "INSERT INTO orders (id, buyer) VALUES (1, 'alice')");
        assertThat(TestDatabase.count(database, tool.historyOfCurfew())).isEqualTo(curfews);
        tool.migrateCurfew(database, kind);
        tool.validate(database, kind);

        try (HostAtWork host = HostAtWork.on(database)) {
            host.logsInListsAndEnds();
        }
        assertThat(JdbcAuditSink.on(database)
                        .build()
                        .find(AuditQuery.all().limit(1))
                        .records())
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("toolsAndDatabases")
    void curfew_may_be_first(Tool tool, TestDatabase kind) throws Exception {
        DataSource database = kind.create();

        tool.migrateCurfew(database, kind);
        tool.migrateHost(database, 2);

        tool.validate(database, kind);
        assertThat(tables(database)).contains("orders", "curfew_session");
    }

    @ParameterizedTest
    @MethodSource("toolsAndDatabases")
    void another_schema_holds_the_tables_and_their_history(Tool tool, TestDatabase kind) throws Exception {
        DataSource database = kind.create();
        tool.migrateHost(database, 1);

        tool.migrateCurfew(database, kind, "sessions");

        assertThat(tables(database))
                .contains("orders", "sessions.curfew_session", "sessions." + tool.historyOfCurfew())
                .doesNotContain("curfew_session", tool.historyOfCurfew());
        try (HostAtWork host =
                new HostAtWork(JdbcSessionStore.on(database).schema("sessions").build())) {
            host.logsInListsAndEnds();
        }
        tool.migrateHost(database, 2);
    }

    @ParameterizedTest
    @MethodSource("toolsAndDatabases")
    void another_prefix_and_schema_are_those_of_the_scripts_that_the_store_writes(
            Tool tool, TestDatabase kind, @TempDir Path folder) throws Exception {
        DataSource database = kind.create();
        tool.migrateHost(database, 1);
        execute(database, "CREATE SCHEMA sessions");
        JdbcSessionStore store =
                JdbcSessionStore.on(database).schema("sessions").prefix("shop_").build();
        Path scripts = folder.resolve("scripts");
        store.writeMigrations(scripts);
        JdbcAuditSink.on(database).schema("sessions").prefix("shop_").build().writeMigrations(scripts);

        tool.migrateCurfew(database, scripts);
        // As at the next upgrade: what was applied is the same as ever.
        store.writeMigrations(scripts);
        tool.migrateCurfew(database, scripts);

        assertThat(tables(database))
                .contains("orders", "sessions.shop_session", "sessions.shop_revocation")
                .noneMatch(table -> table.endsWith("curfew_session"));
        try (HostAtWork host = new HostAtWork(store)) {
            host.logsInListsAndEnds();
        }
    }

    @ParameterizedTest
    @MethodSource("toolsAndDatabases")
    void a_node_does_not_start_on_version_2_and_says_what_is_missing(Tool tool, TestDatabase kind) throws Exception {
        DataSource database = kind.create();
        tool.migrateHost(database, 1);
        tool.migrateCurfew(database, kind, 2);
        assertThat(hasIndex(database, "curfew_session", INDEX)).isFalse();
        assertThatThrownBy(() -> HostAtWork.on(database)).hasMessageContaining("V4__record");

        tool.migrateCurfew(database, kind);

        assertThat(hasIndex(database, "curfew_session", INDEX)).isTrue();
        try (HostAtWork host = HostAtWork.on(database)) {
            host.logsInListsAndEnds();
        }
        tool.validate(database, kind);
    }

    @ParameterizedTest
    @EnumSource
    void an_index_that_was_built_by_hand_before_is_left_as_it_is(Tool tool) throws Exception {
        DataSource database = TestDatabase.POSTGRESQL.create();
        tool.migrateCurfew(database, TestDatabase.POSTGRESQL, 2);
        execute(database, """
                CREATE INDEX CONCURRENTLY IF NOT EXISTS curfew_session_client_ix
                    ON curfew_session (client_key, session_key) WHERE client_key IS NOT NULL""");

        tool.migrateCurfew(database, TestDatabase.POSTGRESQL);

        tool.validate(database, TestDatabase.POSTGRESQL);
        try (HostAtWork host = HostAtWork.on(database)) {
            host.logsInListsAndEnds();
        }
    }

    /** Liquibase does not promise that: it makes the table of its lock without one. */
    @ParameterizedTest
    @EnumSource
    void several_nodes_may_apply_the_scripts_by_flyway_at_once_behind_the_first_run(TestDatabase kind)
            throws Exception {
        DataSource database = kind.create();
        // Two that make Flyway's history at once meet an empty one, which it refuses.
        Tool.FLYWAY.migrateCurfew(database, kind, 1);
        ExecutorService nodes = Executors.newFixedThreadPool(2);
        try {
            List<Future<?>> both = Stream.of(1, 2)
                    .<Future<?>>map(node -> nodes.submit(() -> {
                        Tool.FLYWAY.migrateCurfew(database, kind);
                        return node;
                    }))
                    .toList();
            for (Future<?> one : both) {
                one.get();
            }
        } finally {
            nodes.shutdownNow();
        }
        try (HostAtWork host = HostAtWork.on(database)) {
            host.logsInListsAndEnds();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_table_that_is_in_use_fails_the_script_which_is_applied_again_later(Tool tool) throws Exception {
        TestDatabase kind = TestDatabase.POSTGRESQL;
        DataSource database = kind.create();
        tool.migrateCurfew(database, kind, 1);
        // As the main classes say it, for each connection.
        execute(database, "ALTER ROLE postgres IN DATABASE " + nameOf(database) + " SET lock_timeout = '1s'");

        try (Connection report = database.getConnection();
                Statement statement = report.createStatement()) {
            report.setAutoCommit(false);
            statement.execute("SELECT * FROM curfew_session");
            assertThatException()
                    .isThrownBy(() -> tool.migrateCurfew(database, kind))
                    .withStackTraceContaining("lock timeout");
            report.rollback();
        }

        tool.migrateCurfew(database, kind);
        tool.validate(database, kind);
        try (HostAtWork host = HostAtWork.on(database)) {
            host.logsInListsAndEnds();
        }
    }

    private static String nameOf(DataSource database) throws Exception {
        try (Connection connection = database.getConnection()) {
            return connection.getCatalog();
        }
    }

    /** The other tables and the other number are the host's: whoever baselines at 1, as Flyway does, has no tables. */
    @Test
    void without_the_baseline_of_0_flyway_leaves_the_first_script_out() throws Exception {
        DataSource database = TestDatabase.POSTGRESQL.create();
        Tool.FLYWAY.migrateHost(database, 1);

        assertThatException()
                .isThrownBy(() -> FlywayMigrations.sessions(
                                Flyway.configure().dataSource(database), TestDatabase.POSTGRESQL.scripts)
                        .baselineVersion("1")
                        .load()
                        .migrate())
                .withStackTraceContaining("curfew_session");
    }

    @ParameterizedTest
    @EnumSource
    void tables_that_migrate_has_made_are_taken_over(TestDatabase kind) throws Exception {
        DataSource database = kind.create();
        JdbcSessionStore store = JdbcSessionStore.on(database).build();
        store.migrate();

        MigrateResult taken = FlywayMigrations.sessions(Flyway.configure().dataSource(database), kind.scripts)
                .baselineVersion("4")
                .load()
                .migrate();
        assertThat(taken.migrationsExecuted).isZero();
        // Liquibase knows no baseline: every statement may be repeated, so that it applies them again.
        Tool.LIQUIBASE.migrateCurfew(database, kind);

        try (HostAtWork host = new HostAtWork(store)) {
            host.logsInListsAndEnds();
        }
    }

    @Test
    void the_changelog_names_every_script(@TempDir Path folder) throws Exception {
        DataSource database = TestDatabase.H2.create();
        JdbcSessionStore.on(database).build().writeMigrations(folder);
        JdbcAuditSink.on(database).build().writeMigrations(folder);
        String changelog = Files.readString(Path.of("src/main/resources/curfew-changelog.xml"));

        try (Stream<Path> scripts = Files.list(folder)) {
            assertThat(scripts.map(script -> script.getFileName().toString()))
                    .hasSizeGreaterThanOrEqualTo(4)
                    .allSatisfy(script -> assertThat(changelog).contains("${curfew.scripts}/" + script));
        }
    }
}
