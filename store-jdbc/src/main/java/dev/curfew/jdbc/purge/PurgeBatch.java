package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import java.sql.SQLException;
import java.util.List;

/**
 * What one transaction of a purge did. Immutable.
 *
 * <p>Each locks what it will remove and leaves out what somebody else holds: so it waits for nobody, and two nodes that
 * purge at once share the work.
 *
 * @param rows how many went
 * @param revocations how many of these were revocations, and not only notices
 * @param expired of the sessions that went those that time had ended
 * @param walked how far a walk has come, nothing of a batch that was found by an index
 */
record PurgeBatch(int rows, int revocations, List<ExpiredSession> expired, Walked walked) {
    /** How many rows one batch looks at, or removes, at most. */
    static final int SIZE = 500;

    static final String SKIP_LOCKED = " FOR UPDATE SKIP LOCKED";

    /**
     * A part of a walk through keys.
     *
     * @param rows how many were looked at
     * @param last the last key that was looked at, behind which the next batch begins
     */
    record Walked(int rows, LookupKey last) {
        static final Walked NOTHING = new Walked(0, new LookupKey(0, 0));

        /** Whether this was the end of the keys. */
        boolean isEnd() {
            return rows < SIZE;
        }
    }

    static PurgeBatch ofSessions(int rows, List<ExpiredSession> expired, Walked walked) {
        return new PurgeBatch(rows, 0, expired, walked);
    }

    static PurgeBatch ofRevocations(int rows, int revocations, Walked walked) {
        return new PurgeBatch(rows, revocations, List.of(), walked);
    }

    /** Removes the rows with these keys, as they stand, damaged ones too; how many. */
    static int delete(SqlConnection connection, String sql, List<byte[]> keys) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        try (SqlStatement delete = connection.prepare(sql)) {
            for (byte[] key : keys) {
                delete.bytes(key).addToBatch();
            }
            delete.executeBatch();
            return keys.size();
        }
    }
}
