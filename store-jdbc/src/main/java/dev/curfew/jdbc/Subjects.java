package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/** The lock rows that put the logins and revocations of one subject in order. */
final class Subjects {
    private static final String LOCK = "SELECT subject_key FROM curfew_subject WHERE subject_key = ? FOR UPDATE";
    private static final String OWNER = "SELECT subject_key FROM curfew_session WHERE session_key = ?";

    private Subjects() {}

    /** Waits until nobody else is at work on this subject. */
    static void lock(Call call, LookupKey subject) throws SQLException {
        while (!tryLock(call, subject)) {
            create(call, subject);
        }
    }

    /** The same in a round; without an answer there is no lock row yet. */
    static Round.Answer<Boolean> askForLock(Round round, LookupKey subject) {
        return round.ask(LOCK, select -> select.key(subject), row -> true);
    }

    /** Makes a lock row, unless somebody else does at the same moment. */
    static void create(Call call, LookupKey subject) throws SQLException {
        try (Parameters insert = call.prepare("INSERT INTO curfew_subject (subject_key) VALUES (?)"
                + call.dialect().ifAbsent("subject_key"))) {
            insert.key(subject).update();
        }
    }

    /** The same for the subject of a session, if that stands there. */
    static Optional<LookupKey> lockOf(Call call, LookupKey session) throws SQLException {
        Optional<LookupKey> owner = ownerOf(call, session);
        while (owner.isPresent()) {
            lock(call, owner.get());
            Optional<LookupKey> still = ownerOf(call, session);
            if (still.equals(owner)) {
                return owner;
            }
            owner = still;
        }
        return owner;
    }

    static Optional<LookupKey> ownerOf(Call call, LookupKey session) throws SQLException {
        try (Parameters select = call.prepare(OWNER)) {
            return select.key(session).first(Subjects::key);
        }
    }

    static Round.Answer<LookupKey> askForOwner(Round round, LookupKey session) {
        return round.ask(OWNER, select -> select.key(session), Subjects::key);
    }

    private static LookupKey key(ResultSet row) throws SQLException {
        return LookupKey.fromBytes(row.getBytes(1));
    }

    private static boolean tryLock(Call call, LookupKey subject) throws SQLException {
        try (Parameters select = call.prepare(LOCK)) {
            return select.key(subject).first(row -> true).isPresent();
        }
    }
}
