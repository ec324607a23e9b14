package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import java.sql.SQLException;
import java.util.Optional;

/** The lock rows that put the logins and revocations of one subject in order. */
final class Subjects {
    private Subjects() {}

    /** Waits until nobody else is at work on this subject. */
    static void lock(Call call, LookupKey subject) throws SQLException {
        while (!tryLock(call, subject)) {
            try (Parameters insert = call.prepare("INSERT INTO curfew_subject (subject_key) VALUES (?)"
                    + call.dialect().ifAbsent("subject_key"))) {
                insert.key(subject).update();
            }
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
        try (Parameters select = call.prepare("SELECT subject_key FROM curfew_session WHERE session_key = ?")) {
            return select.key(session).first(row -> LookupKey.fromBytes(row.getBytes(1)));
        }
    }

    private static boolean tryLock(Call call, LookupKey subject) throws SQLException {
        try (Parameters select =
                call.prepare("SELECT subject_key FROM curfew_subject WHERE subject_key = ? FOR UPDATE")) {
            return select.key(subject).first(row -> true).isPresent();
        }
    }
}
