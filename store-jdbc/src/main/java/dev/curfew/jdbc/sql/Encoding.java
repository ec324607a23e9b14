package dev.curfew.jdbc.sql;

import dev.curfew.jdbc.database.SchemaException;
import java.sql.SQLException;
import java.util.Locale;

/** The encoding of a database, asked once and refused if it cannot keep every text. Thread-safe. */
public final class Encoding {
    private volatile boolean isKnown;

    /**
     * Refuses a database that lacks characters: the first one that a record has would fail its whole batch.
     *
     * @throws SchemaException if the database has another encoding than UTF8
     */
    public void requireUnicode(SqlConnection connection) throws SQLException {
        if (isKnown || !connection.dialect().hasEncodings()) {
            return;
        }
        try (SqlStatement select = connection.prepare("SELECT current_setting('server_encoding')")) {
            String encoding = select.first(row -> row.getString(1)).orElse("unknown");
            if (!encoding.toUpperCase(Locale.ROOT).matches("UTF-?8")) {
                throw SchemaException.ofEncoding(encoding);
            }
        }
        isKnown = true;
    }
}
