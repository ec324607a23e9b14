package dev.curfew.jdbc.sql;

import dev.curfew.session.LookupKey;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A prepared statement that is given its parameters one after another. Confined to one thread. */
public final class SqlStatement implements AutoCloseable {
    /** Reads one row. */
    public interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final PreparedStatement statement;

    /** What the statements of a batch changed that were sent one by one; null if they are sent together. */
    private final @Nullable List<Integer> counts;

    private boolean isExecuted;
    private int index;

    SqlStatement(PreparedStatement statement, boolean sendsOneByOne) {
        this.statement = statement;
        this.counts = sendsOneByOne ? new ArrayList<>() : null;
    }

    /** So many question marks, at least one. */
    public static String marks(int count) {
        return "?" + ", ?".repeat(Math.max(0, count - 1));
    }

    public SqlStatement key(@Nullable LookupKey key) throws SQLException {
        return bytes(key == null ? null : key.toBytes());
    }

    public SqlStatement keys(Collection<LookupKey> keys) throws SQLException {
        for (LookupKey key : keys) {
            key(key);
        }
        return this;
    }

    public SqlStatement bytes(byte @Nullable [] bytes) throws SQLException {
        statement.setBytes(++index, bytes);
        return this;
    }

    /** Rounded down; what is stored is whole milliseconds, so that comparisons are exact. */
    public SqlStatement instant(Instant instant) throws SQLException {
        return number(instant.toEpochMilli());
    }

    public SqlStatement bytes(Collection<byte[]> values) throws SQLException {
        for (byte[] value : values) {
            bytes(value);
        }
        return this;
    }

    public SqlStatement number(long number) throws SQLException {
        statement.setLong(++index, number);
        return this;
    }

    public SqlStatement number(@Nullable Long number) throws SQLException {
        if (number == null) {
            statement.setNull(++index, Types.BIGINT);
            return this;
        }
        return number(number.longValue());
    }

    public SqlStatement numbers(Collection<Long> numbers) throws SQLException {
        for (long number : numbers) {
            number(number);
        }
        return this;
    }

    public SqlStatement text(@Nullable String text) throws SQLException {
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

    /** The first column of all rows, which are numbers. */
    public List<Long> listNumbers() throws SQLException {
        return list(row -> row.getLong(1));
    }

    /** The first column of all rows, which are keys, as they stand: one that is damaged names its row all the same. */
    public List<byte[]> listBytes() throws SQLException {
        return list(row -> row.getBytes(1));
    }

    public <T> Optional<T> first(RowReader<T> reader) throws SQLException {
        try (ResultSet rows = query()) {
            return rows.next() ? Optional.of(reader.read(rows)) : Optional.empty();
        }
    }

    /** The number in the first column of the first row, 0 if it is null there. */
    public Optional<Long> firstNumber() throws SQLException {
        return first(row -> row.getLong(1));
    }

    /** Whether the query finds a row. */
    public boolean findsAny() throws SQLException {
        return first(row -> true).isPresent();
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

    /** Executes it; how many rows it changed. */
    public int update() throws SQLException {
        return statement.executeUpdate();
    }

    /** Keeps the parameters for {@link #executeBatch} or {@link #updateBatch}, and takes the next ones. */
    public void addToBatch() throws SQLException {
        if (counts == null) {
            statement.addBatch();
        } else {
            counts.add(statement.executeUpdate());
        }
        index = 0;
    }

    /** Executes it once for each {@link #addToBatch}. */
    public void executeBatch() throws SQLException {
        if (counts == null) {
            statement.executeBatch();
        }
    }

    /**
     * The same; whether each found a row to change, in their order.
     *
     * @throws UncountedBatchException if the driver does not say that of what is sent together
     */
    public List<Boolean> updateBatch() throws SQLException {
        List<Integer> all =
                counts == null ? Arrays.stream(statement.executeBatch()).boxed().toList() : counts;
        if (all.stream().anyMatch(count -> count < 0)) {
            throw new UncountedBatchException();
        }
        return all.stream().map(count -> count > 0).toList();
    }

    @Override
    public void close() throws SQLException {
        statement.close();
    }
}
