package dev.curfew.jdbc.sql;

import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Reads the values of columns that hold keys and instants. */
public final class Columns {
    private Columns() {}

    /** The key in a column that holds nothing else. */
    public static LookupKey key(ResultSet row, int column) throws SQLException {
        return LookupKey.fromBytes(row.getBytes(column));
    }

    /** The key in a column that may be empty. */
    public static @Nullable LookupKey keyOrNull(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? null : LookupKey.fromBytes(bytes);
    }

    /**
     * A key that names a row. A damaged one gets a name of its own, which finds nothing, so that a message can say
     * which row is damaged.
     */
    public static LookupKey nameOf(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length < LookupKey.BYTES) {
            return LookupKey.of(
                    "curfew-damaged", bytes == null ? "" : HexFormat.of().formatHex(bytes));
        }
        return LookupKey.fromBytes(bytes);
    }

    /** Whether a column holds a whole key. */
    public static boolean isKey(byte @Nullable [] bytes) {
        return bytes != null && bytes.length >= LookupKey.BYTES;
    }

    /** The instant in a column of milliseconds since 1970. */
    public static Instant instantOf(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }
}
