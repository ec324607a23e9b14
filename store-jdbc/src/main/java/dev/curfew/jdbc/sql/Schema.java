package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SchemaException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.List;

/** A series of numbered migrations. Immutable. */
public final class Schema {
    /** The tables of the store. */
    public static final Schema STORE = new Schema(
            "curfew_migration",
            List.of(
                    Migration.of("V1__curfew"),
                    new Migration(
                            "V2__credential", "SELECT s.credential FROM curfew_session s WHERE s.session_key IS NULL"),
                    Migration.of("V3__client"),
                    new Migration("V4__record", "SELECT r.version FROM curfew_record r WHERE r.group_key IS NULL")));

    /**
     * The tables of the audit trail, which has its own numbers: a host without it, or with it elsewhere, never gets
     * them.
     */
    public static final Schema AUDIT = new Schema("curfew_audit_migration", List.of(Migration.of("A1__audit")));

    private final String versions;

    /** The number of each is the place in this list, from 1 on. */
    private final List<Migration> migrations;

    private Schema(String versions, List<Migration> migrations) {
        this.versions = versions;
        this.migrations = migrations;
    }

    /** All migrations, one after another. */
    public String text(Dialect dialect, TableNames names) {
        StringBuilder text = new StringBuilder();
        for (Migration migration : migrations) {
            text.append(names.renderOnce(migration.text(dialect)));
        }
        return text.toString();
    }

    /** Each migration as a file of its own, under the name of its resource. */
    public void write(Dialect dialect, TableNames names, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (Migration migration : migrations) {
            Files.writeString(directory.resolve(migration.name() + ".sql"), names.renderOnce(migration.text(dialect)));
        }
    }

    /**
     * Applies what was not applied, each migration in a transaction of its own, so that what one locks nobody misses
     * while the next one works. Every statement may be repeated, so that a crash in the middle does no harm.
     */
    public void migrate(Database database, String operation) {
        database.execute(
                operation,
                connection -> execute(
                        connection,
                        "CREATE TABLE IF NOT EXISTS " + versions + " (version INTEGER NOT NULL, CONSTRAINT " + versions
                                + "_pk PRIMARY KEY (version))"));
        for (int version = 1; version <= migrations.size(); version++) {
            int next = version;
            database.midway().execute(operation, connection -> migrate(connection, next));
        }
    }

    private void migrate(SqlConnection connection, int version) throws SQLException {
        if (!isApplied(connection, version)) {
            apply(connection, migrations.get(version - 1));
            try (SqlStatement insert = connection.prepare("INSERT INTO " + versions + " (version) VALUES (?)"
                    + connection.dialect().ifAbsent("version"))) {
                insert.number(version).update();
            }
        }
    }

    /**
     * Refuses tables that lack columns of this version, or one of them. The columns are asked for and not the table of
     * versions, which stays empty where others apply the scripts. Where the first one is missing, all are.
     *
     * @throws SchemaException that names the migration to apply
     */
    public void requireCurrent(SqlConnection connection) throws SQLException {
        boolean standsAny = false;
        for (Migration migration : migrations) {
            if (migration.probe() != null) {
                try (SqlStatement select = connection.prepare(migration.probe())) {
                    select.findsAny();
                    standsAny = true;
                } catch (SQLException e) {
                    Dialect dialect = connection.dialect();
                    if (dialect.isUnknownColumn(e) || standsAny && dialect.isMissingTable(e)) {
                        throw SchemaException.ofMissing(migration.name(), e);
                    }
                    throw e;
                }
            }
        }
    }

    /** Who waits for a whole table holds up all who come later, so that nodes at work wait no longer than this does. */
    private static void apply(SqlConnection connection, Migration migration) throws SQLException {
        Dialect dialect = connection.dialect();
        for (String statement : dialect.boundLocks()) {
            execute(connection, statement);
        }
        try {
            for (String statement : migration.statements(dialect)) {
                execute(connection, statement);
            }
        } catch (SQLException e) {
            if (dialect.isLockTimeout(e)) {
                // No conflict that goes away at once: each further try would hold everybody up again.
                throw new SQLTimeoutException("a table is in use by a long transaction", e);
            }
            throw e;
        } finally {
            for (String statement : dialect.unboundLocks()) {
                execute(connection, statement);
            }
        }
    }

    private boolean isApplied(SqlConnection connection, int version) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT version FROM " + versions + " WHERE version = ?")) {
            return select.number(version).findsAny();
        }
    }

    private static void execute(SqlConnection connection, String statement) throws SQLException {
        try (SqlStatement execute = connection.prepare(statement)) {
            execute.update();
        } catch (SQLException e) {
            if (!connection.dialect().isThereAlready(e)) {
                throw e;
            }
        }
    }
}
