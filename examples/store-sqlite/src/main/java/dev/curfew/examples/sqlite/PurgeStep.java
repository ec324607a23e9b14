package dev.curfew.examples.sqlite;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.FoundSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes what has ended long enough ago. Confined to one transaction. */
final class PurgeStep {
    /** The plus keeps SQLite from walking through all numbers: few are old enough, and indexes know which. */
    private static final String IS_NOT_NEWEST = " AND +number < (SELECT max(number) FROM feed)";

    private final SessionTable sessions;
    private final Transaction transaction;
    private final Instant now;
    private final int limit;
    private final Instant endedUntil;
    private final Instant forgottenUntil;
    private final List<ExpiredSession> expired = new ArrayList<>();
    private int removedSessions;

    PurgeStep(SessionTable sessions, Instant now, int limit) {
        this.sessions = sessions;
        this.transaction = sessions.transaction();
        this.now = now;
        this.limit = limit;
        this.endedUntil = now.minus(transaction.state().settings().endedSessionsKept());
        this.forgottenUntil = now.minus(StoreSettings.PURGE_DELAY);
    }

    PurgeResult run() {
        removeWhatTimeEnded();
        boolean hasMoreToSweep = removeWhatWasRevoked();
        int revocations = removeEntries();
        boolean hasMoreActs = new ActTable(transaction).purge(forgottenUntil, limit) == limit;
        boolean hasMoreNotices = removeNotices() == limit;
        boolean isFull = removedSessions + revocations == limit;
        return new PurgeResult(
                removedSessions, revocations, isFull || hasMoreToSweep || hasMoreActs || hasMoreNotices, expired);
    }

    private int left() {
        return limit - removedSessions;
    }

    private void removeWhatTimeEnded() {
        remove(transaction.list(
                "SELECT session_key FROM session WHERE ends_at <= ? ORDER BY ends_at LIMIT ?",
                row -> Columns.requiredKey(row, 1),
                endedUntil.toEpochMilli(),
                left()));
    }

    /**
     * Goes from entries to the sessions that they ended, each once: no session can come to be covered by an entry that
     * stands, because its insertion would be refused.
     */
    private boolean removeWhatWasRevoked() {
        Map<Long, Revocation> entries = readableWithSessions();
        for (Map.Entry<Long, Revocation> numbered : entries.entrySet()) {
            if (left() == 0) {
                return true;
            }
            int atMost = left();
            if (removeEndedBy(numbered.getValue()) < atMost) {
                transaction.update("UPDATE feed SET has_sessions = 0 WHERE number = ?", numbered.getKey());
            }
        }
        return entries.size() == limit;
    }

    /** Skips entries that cannot be read, without counting them: the version that wrote them goes to their sessions. */
    private Map<Long, Revocation> readableWithSessions() {
        Map<Long, Revocation> entries = new LinkedHashMap<>();
        try (ResultSet rows = transaction.query(
                "SELECT " + RevocationColumns.NAMES + ", number FROM feed"
                        + " WHERE has_sessions = 1 AND revoked_at <= ? ORDER BY revoked_at",
                endedUntil.toEpochMilli())) {
            while (entries.size() < limit && rows.next()) {
                FeedTable.Numbered row = FeedTable.Numbered.of(rows);
                row.entry().ifPresent(entry -> entries.put(row.number(), entry));
            }
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
        return entries;
    }

    /**
     * The rule once more, as far as it concerns rows. It only selects: what it selects is judged by the rule itself. A
     * kind that names no sessions stands here only in a row that is damaged, which must not hold up the others.
     */
    private int removeEndedBy(Revocation entry) {
        RevocationTarget target = entry.target();
        return switch (target.kind()) {
            case SESSION, FOREIGN_SESSION -> removeEndedBy(entry, "session_key");
            case SUBJECT -> removeEndedBy(entry, "subject_key");
            case CLIENT -> removeEndedBy(entry, "client_key");
            case REALM -> removeEndedBy(entry, "realm_key");
            case TOKEN, SIGNING_KEY, BIRTH -> 0;
        };
    }

    private int removeEndedBy(Revocation entry, String named) {
        RevocationTarget target = entry.target();
        Instant until = target.kind().dependsOnInstant() ? entry.issuedBefore() : Revocation.NEVER;
        List<LookupKey> selected = transaction.list(
                "SELECT session_key FROM session WHERE " + named
                        + " = ? AND authenticated_at <= ? AND session_key IS NOT ? LIMIT ?",
                row -> Columns.requiredKey(row, 1),
                target.key().toBytes(),
                until.toEpochMilli(),
                Columns.bytes(entry.exempt().map(ExemptSession::key)),
                left());
        // A row that cannot be read is of no use to anybody, and goes by what SQL sees of it.
        Set<LookupKey> spared = sessions.findAll(selected).stream()
                .filter(row -> !entry.covers(row.facts()))
                .map(StoredSession::key)
                .collect(Collectors.toSet());
        return remove(selected.stream().filter(key -> !spared.contains(key)).toList());
    }

    private int remove(List<LookupKey> keys) {
        List<StoredSession> rows = sessions.findAll(keys);
        Coverage coverage = FoundSessions.coverage(transaction, rows);
        for (StoredSession row : rows) {
            // Also what is forgotten may have ended it first.
            new FoundSession(row, coverage.ever(row.facts())).endedByTime(now).ifPresent(expired::add);
        }
        int removed = sessions.delete(keys);
        removedSessions += removed;
        return removed;
    }

    /** Superseded entries leave no gap in what is covered; only what is forgotten raises the horizon. */
    private int removeEntries() {
        List<Doomed> doomed = transaction.list(
                "SELECT number, forget_after FROM feed"
                        + " WHERE (forget_after <= ?1 OR superseded_at <= ?1) AND kind NOT IN (?2, ?3)"
                        + IS_NOT_NEWEST + " LIMIT ?4",
                row -> new Doomed(row.getLong(1), Columns.instant(row, 2)),
                forgottenUntil.toEpochMilli(),
                FeedTable.NOTICE,
                RevocationTarget.Kind.BIRTH.code(),
                left());
        boolean isAnyForgotten = false;
        for (Doomed entry : doomed) {
            transaction.update("DELETE FROM feed WHERE number = ?", entry.number);
            isAnyForgotten |= !entry.forgetAfter.isAfter(forgottenUntil);
        }
        if (isAnyForgotten) {
            transaction.update("UPDATE store SET horizon = max(horizon, ?)", forgottenUntil.toEpochMilli());
        }
        return doomed.size();
    }

    /** An entry that goes. */
    private record Doomed(long number, Instant forgetAfter) {}

    private int removeNotices() {
        return transaction.update(
                "DELETE FROM feed WHERE number IN (SELECT number FROM feed WHERE kind = ? AND forget_after <= ?"
                        + IS_NOT_NEWEST + " LIMIT ?)",
                FeedTable.NOTICE,
                forgottenUntil.toEpochMilli(),
                limit);
    }
}
