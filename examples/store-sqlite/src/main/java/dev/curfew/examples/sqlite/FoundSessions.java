package dev.curfew.examples.sqlite;

import dev.curfew.store.FoundSession;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** Rows together with what covers them: one statement for the rows, one for the entries of all of them. */
final class FoundSessions {
    private FoundSessions() {}

    /**
     * One row with what covers it.
     *
     * @throws dev.curfew.store.UndecodableRevocationException if an entry that may cover it cannot be read
     */
    static FoundSession one(Transaction transaction, StoredSession row, Instant now) {
        return new FoundSession(row, coverage(transaction, List.of(row)).covering(row.facts(), now));
    }

    /**
     * Each row with what covers it, in the order of the rows. Left out is a session that an entry may cover which
     * cannot be read: it is not known to live, and the others are not its concern.
     */
    static List<FoundSession> judged(Transaction transaction, Collection<StoredSession> rows, Instant now) {
        Coverage coverage = coverage(transaction, rows);
        return rows.stream()
                .filter(row -> !coverage.isUnknown(row.facts()))
                .map(row -> new FoundSession(row, coverage.readable(row.facts(), now)))
                .toList();
    }

    /** As {@link #judged} without an exception, as far as entries can be read: for whoever ends sessions. */
    static List<FoundSession> asFarAsReadable(Transaction transaction, Collection<StoredSession> rows, Instant now) {
        Coverage coverage = coverage(transaction, rows);
        return rows.stream()
                .map(row -> new FoundSession(row, coverage.readable(row.facts(), now)))
                .toList();
    }

    static Coverage coverage(Transaction transaction, Collection<StoredSession> rows) {
        return Coverage.of(transaction, rows.stream().map(StoredSession::facts).toList());
    }
}
