package dev.curfew.jdbc.sql;

import dev.curfew.session.LookupKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A statement that is given its parameters one after another. Confined to one thread. */
public final class Parameters implements AutoCloseable {
    /** Reads one row. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final PreparedStatement statement;
    private boolean isExecuted;
    private int index;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    /** So many question marks, at least one. */
    public static String marks(int count) {
        return "?" + ", ?".repeat(Math.max(0, count - 1));
    }

    public Parameters key(@Nullable LookupKey key) throws SQLException {
        return bytes(key == null ? null : key.toBytes());
    }

    public Parameters keys(Collection<LookupKey> keys) throws SQLException {
        for (LookupKey key : keys) {
            key(key);
        }
        return this;
    }

    public Parameters bytes(byte @Nullable [] bytes) throws SQLException {
        statement.setBytes(++index, bytes);
        return this;
    }

    /** Rounded down; what is stored is whole milliseconds, so that comparisons are exact. */
    public Parameters instant(Instant instant) throws SQLException {
        return number(instant.toEpochMilli());
    }

    public Parameters number(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    public Parameters number(@Nullable Long number) throws SQLException {
        if (number == null) {
            statement.setNull(++index, Types.BIGINT);
            return this;
        }
        return number(number.longValue());
    }

    public Parameters text(@Nullable String text) throws SQLException {
        statement.setString(++index, text);
        return this;
    }

    /** All rows; where several queries were prepared as one, each call answers the next one's. */
    public <T> List<T> list(RowReader<T> reader) throws SQLException {
        try (ResultSet rows = query()) {
            List<T> list = new ArrayList<>();
            while (rows.next()) {
                list.add(reader.read(rows));
            }
            return list;
        }
    }

    public <T> Optional<T> first(RowReader<T> reader) throws SQLException {
        try (ResultSet rows = query()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        }
    }

    private ResultSet query() throws SQLException {
        boolean hasRows = isExecuted ? statement.getMoreResults() : statement.execute();
        isExecuted = true;
        // Statements without rows may have been sent in front of it.
        while (!hasRows) {
            if (statement.getUpdateCount() < 0) {
                throw new SQLException("a query without rows");
            }
            hasRows = statement.getMoreResults();
        }
        return statement.getResultSet();
    }

    public int update() throws SQLException {
        return statement.executeUpdate();
    }

    public void addToBatch() throws SQLException {
        statement.addBatch();
        index = 0;
    }

    public int[] updateBatch() throws SQLException {
        return statement.executeBatch();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }

    public static @Nullable LookupKey keyOf(byte @Nullable [] bytes) {
        return bytes == null ? null : LookupKey.fromBytes(bytes);
    }

    /**
     * A key that names a row, also where that key is damaged, so that it can be told what is wrong; such a name finds
     * nothing.
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

    public static Instant instantOf(ResultSet row, int column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }
}
