package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ErasedRows;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * Removes rows of one subject that began in time. Confined to one thread.
 *
 * <p>It takes no lock of the subject: a cut-off stands already, behind that lock, so that no login can add what is to
 * be removed. The rows are locked by their removal, in the order of the keys as signs of life and re-encryption lock
 * them, and each removal looks once more whether the row is still that of the subject: another one may have used a
 * foreign id again.
 */
public final class EraseStep {
    private static final String FIND = "SELECT s.session_key FROM curfew_session s WHERE s.subject_key = ?"
            + " AND s.authenticated_at <= ? LIMIT ?";
    private static final String REMOVE =
            "DELETE FROM curfew_session WHERE session_key = ? AND subject_key = ? AND authenticated_at <= ?";

    private final SqlConnection connection;

    public EraseStep(SqlConnection connection) {
        this.connection = connection;
    }

    /** Also those that cannot be read: their column says when they began, and their key is taken as it stands. */
    public ErasedRows erase(LookupKey subject, Instant beganUntil, int limit) throws SQLException {
        List<byte[]> met;
        try (SqlStatement select = connection.prepare(FIND)) {
            met = select.key(subject).instant(beganUntil).number(limit + 1L).list(row -> row.getBytes(1));
        }
        boolean hasMore = met.size() > limit;
        List<byte[]> going =
                met.stream().limit(limit).sorted(Arrays::compareUnsigned).toList();
        return new ErasedRows(going.isEmpty() ? 0 : remove(going, subject, beganUntil), hasMore);
    }

    private int remove(List<byte[]> keys, LookupKey subject, Instant beganUntil) throws SQLException {
        try (SqlStatement delete = connection.prepare(REMOVE)) {
            for (byte[] key : keys) {
                delete.bytes(key).key(subject).instant(beganUntil).addToBatch();
            }
            return (int)
                    delete.updateBatch().stream().filter(Boolean::booleanValue).count();
        }
    }
}
