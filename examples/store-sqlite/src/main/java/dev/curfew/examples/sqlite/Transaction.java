package dev.curfew.examples.sqlite;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs statements within one transaction. Confined to one thread. */
final class Transaction {
    private final FileConnection connection;
    private final String file;
    private @Nullable StoreState state;

    Transaction(FileConnection connection, String file) {
        this.connection = connection;
        this.file = file;
    }

    /** {@return what to call the file in a message} */
    String file() {
        return file;
    }

    /** Reads one row. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** {@return what the store knows of itself, read in this transaction and therefore valid for all of it} */
    StoreState state() {
        StoreState known = state;
        if (known == null) {
            known = StoreState.require(this);
            state = known;
        }
        return known;
    }

    <T> List<T> list(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        try (ResultSet rows = query(sql, parameters)) {
            List<T> all = new ArrayList<>();
            while (rows.next()) {
                all.add(reader.read(rows));
            }
            return all;
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    <T> Optional<T> first(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        return list(sql, reader, parameters).stream().findFirst();
    }

    boolean exists(String sql, @Nullable Object... parameters) {
        return first(sql, row -> true, parameters).isPresent();
    }

    int update(String sql, @Nullable Object... parameters) {
        try {
            return bound(sql, parameters).executeUpdate();
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Runs statements without parameters. */
    void script(String sql) {
        try {
            connection.run(sql);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** Rows that the caller reads one by one and closes. */
    ResultSet query(String sql, @Nullable Object... parameters) throws SQLException {
        return bound(sql, parameters).executeQuery();
    }

    private PreparedStatement bound(String sql, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepared(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
