package dev.curfew.jdbc;

import java.sql.SQLException;
import java.util.Locale;

/** The encoding of a database, asked once and refused if it cannot keep every text. Thread-safe. */
final class Encoding {
    private volatile boolean isKnown;

    /** Else the first character that it lacks would fail every record of its batch. */
    void requireUnicode(Call call) throws SQLException {
        if (isKnown || !call.dialect().hasEncodings()) {
            return;
        }
        try (Parameters select = call.prepare("SELECT current_setting('server_encoding')")) {
            String encoding = select.first(row -> row.getString(1)).orElse("unknown");
            if (!encoding.toUpperCase(Locale.ROOT).matches("UTF-?8")) {
                throw SchemaException.ofEncoding(encoding);
            }
        }
        isKnown = true;
    }
}
