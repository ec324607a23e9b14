package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The lock rows that put the logins and revocations of one subject in order. */
public final class SubjectLocks {
    private static final String LOCK = "SELECT subject_key FROM curfew_subject WHERE subject_key = ? FOR UPDATE";
    private static final String LOCK_OF = "SELECT u.subject_key FROM curfew_subject u WHERE u.subject_key ="
            + " COALESCE((SELECT s.subject_key FROM curfew_session s WHERE s.session_key = ?), ?) FOR UPDATE";
    private static final String OWNER = "SELECT subject_key FROM curfew_session WHERE session_key = ?";

    private SubjectLocks() {}

    /** Waits until nobody else is at work on this subject. */
    public static void lock(SqlConnection connection, LookupKey subject) throws SQLException {
        while (!tryLock(connection, subject)) {
            create(connection, subject);
        }
    }

    /** The same in a batch; without an answer there is no lock row yet. */
    public static QueryBatch.Answer<LookupKey> askForLock(QueryBatch batch, LookupKey subject) {
        return batch.ask(LOCK, select -> select.key(subject), SubjectLocks::owner);
    }

    /**
     * The same for the subject of a session, or for another one if no such session stands there, which it answers;
     * without an answer there is no lock row yet, or neither. While it waited, the session may have become another
     * subject's.
     */
    public static QueryBatch.Answer<LookupKey> askForLockOf(
            QueryBatch batch, LookupKey session, @Nullable LookupKey otherwise) {
        return batch.ask(LOCK_OF, select -> select.key(session).key(otherwise), SubjectLocks::owner);
    }

    /** Makes a lock row, unless somebody else does at the same moment. */
    public static void create(SqlConnection connection, LookupKey subject) throws SQLException {
        try (SqlStatement insert = connection.prepare("INSERT INTO curfew_subject (subject_key) VALUES (?)"
                + connection.dialect().ifAbsent("subject_key"))) {
            insert.key(subject).update();
        }
    }

    public static Optional<LookupKey> ownerOf(SqlConnection connection, LookupKey session) throws SQLException {
        try (SqlStatement select = connection.prepare(OWNER)) {
            return select.key(session).first(SubjectLocks::owner);
        }
    }

    public static QueryBatch.Answer<LookupKey> askForOwner(QueryBatch batch, LookupKey session) {
        return batch.ask(OWNER, select -> select.key(session), SubjectLocks::owner);
    }

    /** A damaged row has an owner whom nobody is: it can be revoked all the same. */
    private static LookupKey owner(ResultSet row) throws SQLException {
        return Columns.nameOf(row.getBytes(1));
    }

    private static boolean tryLock(SqlConnection connection, LookupKey subject) throws SQLException {
        try (SqlStatement select = connection.prepare(LOCK)) {
            return select.key(subject).findsAny();
        }
    }
}
