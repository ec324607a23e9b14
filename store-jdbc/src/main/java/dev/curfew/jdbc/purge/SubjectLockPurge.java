package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.KeyPlace;
import dev.curfew.session.LookupKey;
import java.sql.SQLException;
import java.util.List;

/**
 * Removes lock rows of subjects that have no session any more.
 *
 * <p>A lock row that somebody holds is left out. Whoever waits for one that goes finds nothing, makes a new one and
 * locks that; of several who do so, the primary key lets one go on and the others wait. So two never hold the lock of
 * one subject, whenever a row goes.
 */
final class SubjectLockPurge {
    private static final String BY_KEY =
            "SELECT u.subject_key FROM curfew_subject u WHERE u.subject_key > ? ORDER BY u.subject_key LIMIT ?";

    private SubjectLockPurge() {}

    /** Looks at some, in the order of their keys; none of them counts as a session or a revocation. */
    static PurgeBatch remove(SqlConnection connection, LookupKey after) throws SQLException {
        List<byte[]> keys;
        try (SqlStatement select = connection.prepare(BY_KEY)) {
            keys = select.key(after).number(PurgeBatch.SIZE).listBytes();
        }
        List<byte[]> unused = keys.isEmpty() ? List.of() : lockUnused(connection, keys);
        int removed = PurgeBatch.delete(connection, "DELETE FROM curfew_subject WHERE subject_key = ?", unused);
        LookupKey last = keys.isEmpty() ? after : KeyPlace.of(keys.get(keys.size() - 1));
        return PurgeBatch.ofRevocations(removed, 0, new PurgeBatch.Walked(keys.size(), last));
    }

    private static List<byte[]> lockUnused(SqlConnection connection, List<byte[]> keys) throws SQLException {
        try (SqlStatement select =
                connection.prepare("SELECT u.subject_key FROM curfew_subject u WHERE u.subject_key IN ("
                        + SqlStatement.marks(keys.size()) + ") AND NOT EXISTS (SELECT 1 FROM curfew_session s"
                        + " WHERE s.subject_key = u.subject_key)" + PurgeBatch.SKIP_LOCKED)) {
            return select.bytes(keys).listBytes();
        }
    }
}
