package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import java.sql.SQLException;
import java.util.Optional;

/** The few named numbers that all nodes share. */
public final class SharedNumbers {
    private SharedNumbers() {}

    public static Optional<Long> read(SqlConnection connection, String name) throws SQLException {
        return select(connection, name, "");
    }

    /** Nothing if it is missing, or if somebody holds it. */
    public static Optional<Long> tryLock(SqlConnection connection, String name) throws SQLException {
        return select(connection, name, " FOR UPDATE SKIP LOCKED");
    }

    /** Leaves a number alone that stands already. */
    public static void create(SqlConnection connection, String name, long amount) throws SQLException {
        if (read(connection, name).isPresent()) {
            return;
        }
        try (SqlStatement insert = connection.prepare("INSERT INTO curfew_state (name, amount) VALUES (?, ?)"
                + connection.dialect().ifAbsent("name"))) {
            insert.text(name).number(amount).update();
        }
    }

    public static void write(SqlConnection connection, String name, long amount) throws SQLException {
        try (SqlStatement update = connection.prepare("UPDATE curfew_state SET amount = ? WHERE name = ?")) {
            update.number(amount).text(name).update();
        }
    }

    private static Optional<Long> select(SqlConnection connection, String name, String lock) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT amount FROM curfew_state WHERE name = ?" + lock)) {
            return select.text(name).firstNumber();
        }
    }
}
