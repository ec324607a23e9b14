package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
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
    static PurgeStep.Batch remove(SqlConnection connection, LookupKey after, int examine) throws SQLException {
        List<LookupKey> keys;
        try (Parameters select = connection.prepare(BY_KEY)) {
            keys = select.key(after).number(examine).list(SubjectLockPurge::key);
        }
        if (keys.isEmpty()) {
            return new PurgeStep.Batch(0, 0, 0, after);
        }
        List<LookupKey> unused;
        try (Parameters select =
                connection.prepare("SELECT u.subject_key FROM curfew_subject u WHERE u.subject_key IN ("
                        + Parameters.marks(keys.size()) + ") AND NOT EXISTS (SELECT 1 FROM curfew_session s"
                        + " WHERE s.subject_key = u.subject_key) FOR UPDATE SKIP LOCKED")) {
            unused = select.keys(keys).list(SubjectLockPurge::key);
        }
        if (!unused.isEmpty()) {
            try (Parameters delete = connection.prepare("DELETE FROM curfew_subject WHERE subject_key = ?")) {
                for (LookupKey key : unused) {
                    delete.key(key).addToBatch();
                }
                delete.updateBatch();
            }
        }
        return new PurgeStep.Batch(unused.size(), 0, keys.size(), keys.get(keys.size() - 1));
    }

    private static LookupKey key(ResultSet row) throws SQLException {
        return LookupKey.fromBytes(row.getBytes(1));
    }
}
