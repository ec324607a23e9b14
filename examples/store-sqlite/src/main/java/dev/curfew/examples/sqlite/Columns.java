package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How keys and instants cross JDBC: the one place that knows. */
final class Columns {
    private Columns() {}

    static Optional<LookupKey> key(ResultSet row, int column) throws SQLException {
        return Optional.ofNullable(row.getBytes(column)).map(LookupKey::fromBytes);
    }

    static LookupKey requiredKey(ResultSet row, int column) throws SQLException {
        return key(row, column).orElseThrow(() -> new IllegalArgumentException("a key is missing"));
    }

    static byte @Nullable [] bytes(Optional<LookupKey> key) {
        return key.map(LookupKey::toBytes).orElse(null);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    /** Any number of keys as one parameter, for {@code IN (SELECT unhex(value) FROM json_each(?))}. */
    static String json(Collection<LookupKey> keys) {
        return keys.stream()
                .map(key -> '"' + HexFormat.of().formatHex(key.toBytes()) + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }
}
