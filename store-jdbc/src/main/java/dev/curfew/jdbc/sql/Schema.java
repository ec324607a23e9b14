package dev.curfew.jdbc.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A series of numbered migrations, as they lie in resources of this module. Immutable. */
public final class Schema {
    /** The tables of the store. */
    public static final Schema STORE = new Schema("curfew_migration", List.of("V1__curfew"));

    /**
     * The tables of the audit trail, which has its own numbers: a host without it, or with it elsewhere, never gets
     * them.
     */
    public static final Schema AUDIT = new Schema("curfew_audit_migration", List.of("A1__audit"));

    private final String versions;

    /** Each is a resource {@code <dialect>/<name>.sql}; the number is the place in this list, from 1 on. */
    private final List<String> migrations;

    private Schema(String versions, List<String> migrations) {
        this.versions = versions;
        this.migrations = migrations;
    }

    /** All migrations, one after another. */
    public String text(Dialect dialect, TableNames names) {
        StringBuilder text = new StringBuilder();
        for (String migration : migrations) {
            text.append(names.renderOnce(resource(dialect, migration)));
        }
        return text.toString();
    }

    /** Applies what was not applied; every statement may be repeated, so that a crash in the middle does no harm. */
    public void migrate(SqlConnection connection) throws SQLException {
        execute(
                connection,
                "CREATE TABLE IF NOT EXISTS " + versions + " (version INTEGER NOT NULL, CONSTRAINT " + versions
                        + "_pk PRIMARY KEY (version))");
        for (int version = 1; version <= migrations.size(); version++) {
            if (!isApplied(connection, version)) {
                for (String statement : statements(resource(connection.dialect(), migrations.get(version - 1)))) {
                    execute(connection, statement);
                }
                try (SqlStatement insert = connection.prepare("INSERT INTO " + versions + " (version) VALUES (?)"
                        + connection.dialect().ifAbsent("version"))) {
                    insert.number(version).update();
                }
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
        }
    }

    /** The scripts hold no semicolon but those that end a statement. */
    private static List<String> statements(String script) {
        List<String> statements = new ArrayList<>();
        StringBuilder code = new StringBuilder();
        script.lines()
                .filter(line -> !line.startsWith("--"))
                .forEach(line -> code.append(line).append('\n'));
        for (String statement : code.toString().split(";", -1)) {
            if (!statement.isBlank()) {
                statements.add(statement.strip());
            }
        }
        return statements;
    }

    private static String resource(Dialect dialect, String migration) {
        String path = "/dev/curfew/jdbc/migration/" + dialect.folder() + "/" + migration + ".sql";
        try (InputStream stream = Schema.class.getResourceAsStream(path)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + path + " is missing");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
