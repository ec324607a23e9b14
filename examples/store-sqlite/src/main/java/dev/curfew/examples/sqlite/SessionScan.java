package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.store.StoredSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads rows of sessions as far as somebody wants them. Confined to one transaction; nobody writes meanwhile. */
final class SessionScan implements AutoCloseable {
    private final ResultSet rows;
    private final Transaction.RowReader<Optional<StoredSession>> reader;
    private @Nullable LookupKey last;
    private boolean isAtEnd;

    SessionScan(ResultSet rows, Transaction.RowReader<Optional<StoredSession>> reader) {
        this.rows = rows;
        this.reader = reader;
    }

    /** Takes the next rows; those that cannot be read count, and are left out. */
    List<StoredSession> next(int atMost) {
        List<StoredSession> taken = new ArrayList<>();
        try {
            for (int i = 0; i < atMost && advance(); i++) {
                last = LookupKey.fromBytes(rows.getBytes(1));
                reader.read(rows).ifPresent(taken::add);
            }
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
        return taken;
    }

    private boolean advance() throws SQLException {
        // Asked again, SQLite would begin anew.
        isAtEnd = isAtEnd || !rows.next();
        return !isAtEnd;
    }

    /** {@return whether the end was met; false as well if it is near and nobody has looked} */
    boolean isAtEnd() {
        return isAtEnd;
    }

    /** {@return the key of the last row that was met, readable or not} */
    Optional<LookupKey> last() {
        return Optional.ofNullable(last);
    }

    @Override
    public void close() {
        try {
            rows.close();
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }
}
