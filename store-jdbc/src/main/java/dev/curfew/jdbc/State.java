package dev.curfew.jdbc;

import java.sql.SQLException;
import java.util.Optional;

/** The few named numbers that all nodes share. */
final class State {
    private State() {}

    static Optional<Long> read(Call call, String name) throws SQLException {
        return select(call, name, "");
    }

    /** Nothing if it is missing, or if somebody holds it. */
    static Optional<Long> tryLock(Call call, String name) throws SQLException {
        return select(call, name, " FOR UPDATE SKIP LOCKED");
    }

    /** Leaves a number alone that stands already. */
    static void create(Call call, String name, long amount) throws SQLException {
        if (read(call, name).isPresent()) {
            return;
        }
        try (Parameters insert = call.prepare("INSERT INTO curfew_state (name, amount) VALUES (?, ?)"
                + call.dialect().ifAbsent("name"))) {
            insert.text(name).number(amount).update();
        }
    }

    static void write(Call call, String name, long amount) throws SQLException {
        try (Parameters update = call.prepare("UPDATE curfew_state SET amount = ? WHERE name = ?")) {
            update.number(amount).text(name).update();
        }
    }

    private static Optional<Long> select(Call call, String name, String lock) throws SQLException {
        try (Parameters select = call.prepare("SELECT amount FROM curfew_state WHERE name = ?" + lock)) {
            return select.text(name).first(row -> row.getLong(1));
        }
    }
}
