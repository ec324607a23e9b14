package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.feed.FeedRow;
import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoreSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One small batch of a purge. Confined to one thread.
 *
 * <p>It locks what it will remove and leaves out what somebody else holds: so it waits for nobody, and two nodes that
 * purge at once share the work.
 */
final class PurgeStep {
    private static final String SKIP_LOCKED = " FOR UPDATE SKIP LOCKED";

    private static final String SESSIONS_BY_TIME =
            "SELECT s.session_key FROM curfew_session s WHERE s.ends_at <= ? ORDER BY s.ends_at LIMIT ?" + SKIP_LOCKED;

    private static final String SESSIONS_BY_KEY = "SELECT " + SessionTable.COLUMNS
            + " FROM curfew_session s WHERE s.session_key > ? ORDER BY s.session_key LIMIT ?";

    /**
     * It has a number, and the next higher one was given long enough ago. The newest row has none above it, and so it
     * stays; what has no number was not read by all, and stays too.
     */
    private static final String SETTLED = """
             r.position IS NOT NULL AND r.is_open <> 1
             AND (SELECT h.numbered_at FROM curfew_revocation h WHERE h.position > r.position
                ORDER BY h.position LIMIT 1) <= ?""";

    private static final String FORGOTTEN = "SELECT r.id, r.kind FROM curfew_revocation r WHERE r.forget_after <= ?"
            + " AND r.kind <> 8 AND " + SETTLED + " ORDER BY r.forget_after LIMIT ?" + SKIP_LOCKED;

    private static final String BY_TARGET = "SELECT " + FeedRow.COLUMNS
            + " FROM curfew_revocation r WHERE r.target_key > ? ORDER BY r.target_key LIMIT ?";

    private final SqlConnection connection;
    private final Instant now;
    private final int limit;

    PurgeStep(SqlConnection connection, Instant now, int limit) {
        this.connection = connection;
        this.now = now;
        this.limit = limit;
    }

    /**
     * What a batch did.
     *
     * @param rows how many went
     * @param revocations how many of these were revocations, and not only notices
     * @param examined how many rows were looked at
     * @param last the last key that was looked at, from which on the next batch goes
     * @param expired of the sessions that went those that time had ended
     */
    record Batch(int rows, int revocations, int examined, LookupKey last, List<ExpiredSession> expired) {
        Batch(int rows, int revocations, int examined, LookupKey last) {
            this(rows, revocations, examined, last, List.of());
        }
    }

    private record Doomed(LookupKey id, boolean isNotice) {
        static Doomed read(ResultSet row) throws SQLException {
            return new Doomed(LookupKey.fromBytes(row.getBytes(1)), row.getInt(2) == RevocationRow.NOTICE);
        }
    }

    /** Removes sessions that time ended, up to an instant. */
    Batch sessionsEndedBy(Instant end) throws SQLException {
        List<LookupKey> locked;
        try (Parameters select = connection.prepare(SESSIONS_BY_TIME)) {
            locked = select.instant(end).number(limit).list(row -> LookupKey.fromBytes(row.getBytes(1)));
        }
        List<ExpiredSession> expired = expired(find(locked));
        return new Batch(deleteSessions(locked), 0, 0, BirthMarker.KEY, expired);
    }

    /** What stands there, and cannot change because it is locked. */
    private List<FoundSession> find(List<LookupKey> locked) throws SQLException {
        if (locked.isEmpty()) {
            return List.of();
        }
        String inner = "SELECT " + SessionTable.COLUMNS + " FROM curfew_session s WHERE s.session_key IN ("
                + Parameters.marks(locked.size()) + ")";
        try (Parameters select = connection.prepare(FindQuery.ofSelected(inner, " ORDER BY s.session_key"))) {
            return FindQuery.collect(select.keys(locked).key(BirthMarker.KEY), now)
                    .sessions();
        }
    }

    private List<ExpiredSession> expired(List<FoundSession> gone) {
        return gone.stream().flatMap(one -> one.endedByTime(now).stream()).toList();
    }

    /**
     * Looks at some sessions, in the order of their keys, and removes those that a revocation ended up to an instant.
     */
    Batch sessionsRevokedBy(Instant end, LookupKey after, int examine) throws SQLException {
        FindQuery.Found found;
        try (Parameters select = connection.prepare(FindQuery.ofSelected(SESSIONS_BY_KEY, " ORDER BY s.session_key"))) {
            found = FindQuery.collect(select.key(after).number(examine).key(BirthMarker.KEY), now);
        }
        List<FoundSession> doomed = found.sessions().stream()
                .filter(one ->
                        one.endedBy().filter(by -> !by.revokedAt().isAfter(end)).isPresent())
                .limit(limit)
                .toList();
        List<LookupKey> locked = new ArrayList<>();
        for (FoundSession one : doomed) {
            // A foreign id may have been used again since; then another session stands there.
            try (Parameters select =
                    connection.prepare("SELECT s.session_key FROM curfew_session s WHERE s.session_key = ?"
                            + " AND s.authenticated_at = ? AND s.created_at = ?" + SKIP_LOCKED)) {
                select.key(one.session().key())
                        .instant(one.session().authenticatedAt())
                        .instant(one.session().createdAt())
                        .first(row -> LookupKey.fromBytes(row.getBytes(1)))
                        .ifPresent(locked::add);
            }
        }
        Set<LookupKey> going = Set.copyOf(locked);
        List<ExpiredSession> expired = expired(doomed.stream()
                .filter(one -> going.contains(one.session().key()))
                .toList());
        return new Batch(deleteSessions(locked), 0, found.rows(), found.last(after), expired);
    }

    /** Removes what is forgotten long enough. */
    Batch forgotten() throws SQLException {
        Instant before = now.minus(StoreSettings.PURGE_DELAY);
        try (Parameters select = connection.prepare(FORGOTTEN)) {
            List<Doomed> doomed =
                    select.instant(before).instant(before).number(limit).list(Doomed::read);
            boolean mayGo = doomed.stream().allMatch(Doomed::isNotice) || Horizon.raise(connection, before);
            return deleteRevocations(mayGo ? doomed : List.of(), 0, BirthMarker.KEY);
        }
    }

    /**
     * Looks at some entries, in the order of their targets, and removes those that another one has superseded long
     * enough.
     */
    Batch superseded(LookupKey after, int examine) throws SQLException {
        Instant before = now.minus(StoreSettings.PURGE_DELAY);
        List<FeedRow> rows;
        try (Parameters select = connection.prepare(BY_TARGET)) {
            rows = select.key(after).number(examine).list(FeedRow::read);
        }
        Map<LookupKey, List<FeedRow>> byTarget = new LinkedHashMap<>();
        rows.forEach(row -> byTarget.computeIfAbsent(row.row().key(), key -> new ArrayList<>())
                .add(row));
        List<LookupKey> candidates = byTarget.values().stream()
                .flatMap(group -> group.stream().filter(row -> isSuperseded(row.row(), group, before)))
                .map(row -> row.row().id())
                .limit(limit)
                .toList();
        return deleteRevocations(settled(candidates, before), rows.size(), last(rows, after, examine));
    }

    /** Looks at some lock rows, in the order of their keys, and removes those that nobody needs. */
    Batch lockRows(LookupKey after, int examine) throws SQLException {
        return SubjectLockPurge.remove(connection, after, examine);
    }

    /** A full batch may hold only a part of its last target, which is looked at again with the rest. */
    private static LookupKey last(List<FeedRow> rows, LookupKey after, int examine) {
        LookupKey last =
                rows.isEmpty() ? after : rows.get(rows.size() - 1).row().key();
        return rows.size() < examine
                ? last
                : rows.stream()
                        .map(row -> row.row().key())
                        .filter(key -> !key.equals(last))
                        .reduce((first, second) -> second)
                        .orElse(last);
    }

    /**
     * Of two that supersede each other, the one recorded first stays; of two that are equal, one does. What supersedes
     * must have its number long enough: a reader that has not met it yet needs the other one.
     */
    private static boolean isSuperseded(RevocationRow row, List<FeedRow> group, Instant before) {
        Revocation entry = row.revocation();
        return entry != null
                && row.kind() != RevocationRow.BIRTH
                && group.stream()
                        .filter(other ->
                                other.isNumbered() && !other.isOpen() && other.numberedAt() <= before.toEpochMilli())
                        .map(FeedRow::row)
                        .anyMatch(other -> {
                            Revocation by = other.revocation();
                            return by != null
                                    && !other.id().equals(row.id())
                                    && by.replaces(entry)
                                    && (!entry.replaces(by) || other.id().compareTo(row.id()) < 0);
                        });
    }

    private List<Doomed> settled(Collection<LookupKey> ids, Instant before) throws SQLException {
        if (ids.isEmpty()) {
            return List.of();
        }
        try (Parameters select = connection.prepare("SELECT r.id, r.kind FROM curfew_revocation r WHERE r.id IN ("
                + Parameters.marks(ids.size()) + ") AND " + SETTLED + SKIP_LOCKED)) {
            return select.keys(ids).instant(before).list(Doomed::read);
        }
    }

    private int deleteSessions(List<LookupKey> keys) throws SQLException {
        return delete("DELETE FROM curfew_session WHERE session_key = ?", keys);
    }

    private Batch deleteRevocations(List<Doomed> doomed, int examined, LookupKey last) throws SQLException {
        delete(
                "DELETE FROM curfew_revocation WHERE id = ?",
                doomed.stream().map(Doomed::id).toList());
        int notices = (int) doomed.stream().filter(Doomed::isNotice).count();
        return new Batch(doomed.size(), doomed.size() - notices, examined, last);
    }

    private int delete(String sql, List<LookupKey> keys) throws SQLException {
        if (keys.isEmpty()) {
            return 0;
        }
        try (Parameters delete = connection.prepare(sql)) {
            for (LookupKey key : keys) {
                delete.key(key).addToBatch();
            }
            delete.updateBatch();
            return keys.size();
        }
    }
}
