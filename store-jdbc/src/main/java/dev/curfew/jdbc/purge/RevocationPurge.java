package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.feed.FeedRow;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.KindNumbers;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Removes one batch of revocations that nobody needs any more. Confined to one thread. */
final class RevocationPurge {
    /**
     * It has a number, and the next higher one was given long enough ago. The newest row has none above it, and so it
     * stays; what has no number was not read by all, and stays too.
     */
    private static final String SETTLED = """
             r.position IS NOT NULL AND r.is_open <> 1
             AND (SELECT h.numbered_at FROM curfew_revocation h WHERE h.position > r.position
                ORDER BY h.position LIMIT 1) <= ?""";

    private static final String FORGOTTEN = "SELECT r.id, r.kind FROM curfew_revocation r WHERE r.forget_after <= ?"
            + KindNumbers.in(" AND r.kind <> {BIRTH} AND ") + SETTLED + " ORDER BY r.forget_after LIMIT ?"
            + PurgeBatch.SKIP_LOCKED;

    private static final String BY_TARGET = "SELECT " + FeedRow.COLUMNS
            + " FROM curfew_revocation r WHERE r.target_key > ? ORDER BY r.target_key LIMIT ?";

    private final SqlConnection connection;
    private final Instant before;
    private final int limit;

    RevocationPurge(SqlConnection connection, Instant now, int limit) {
        this.connection = connection;
        this.before = now.minus(StoreSettings.PURGE_DELAY);
        this.limit = limit;
    }

    /** An array, because a damaged name of a row is none of a key. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Removable(byte[] id, boolean isNotice) {
        static Removable read(ResultSet row) throws SQLException {
            return new Removable(row.getBytes(1), row.getInt(2) == RevocationRow.NOTICE);
        }
    }

    /** Removes what is forgotten long enough. */
    PurgeBatch forgotten() throws SQLException {
        List<Removable> found;
        try (SqlStatement select = connection.prepare(FORGOTTEN)) {
            found = select.instant(before).instant(before).number(limit).list(Removable::read);
        }
        boolean mayGo = found.stream().allMatch(Removable::isNotice) || Horizon.raise(connection, before);
        return remove(mayGo ? found : List.of(), PurgeBatch.Walked.NOTHING);
    }

    /**
     * Looks at some entries, in the order of their targets, and removes those that another one has superseded long
     * enough.
     */
    PurgeBatch superseded(LookupKey after) throws SQLException {
        List<FeedRow> rows;
        try (SqlStatement select = connection.prepare(BY_TARGET)) {
            rows = select.key(after).number(PurgeBatch.SIZE).list(FeedRow::read);
        }
        Map<LookupKey, List<FeedRow>> byTarget = new LinkedHashMap<>();
        rows.forEach(row -> byTarget.computeIfAbsent(row.row().key(), key -> new ArrayList<>())
                .add(row));
        List<LookupKey> candidates = byTarget.values().stream()
                .flatMap(group -> group.stream().filter(row -> isSuperseded(row.row(), group)))
                .map(row -> row.row().id())
                .limit(limit)
                .toList();
        return remove(settled(candidates), new PurgeBatch.Walked(rows.size(), last(rows, after)));
    }

    /** A full batch may hold only a part of its last target, which is looked at again with the rest. */
    private static LookupKey last(List<FeedRow> rows, LookupKey after) {
        LookupKey last =
                rows.isEmpty() ? after : rows.get(rows.size() - 1).row().key();
        return rows.size() < PurgeBatch.SIZE
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
    private boolean isSuperseded(RevocationRow row, List<FeedRow> group) {
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

    private List<Removable> settled(Collection<LookupKey> ids) throws SQLException {
        if (ids.isEmpty()) {
            return List.of();
        }
        try (SqlStatement select = connection.prepare("SELECT r.id, r.kind FROM curfew_revocation r WHERE r.id IN ("
                + SqlStatement.marks(ids.size()) + ") AND " + SETTLED + PurgeBatch.SKIP_LOCKED)) {
            return select.keys(ids).instant(before).list(Removable::read);
        }
    }

    private PurgeBatch remove(List<Removable> found, PurgeBatch.Walked walked) throws SQLException {
        List<byte[]> ids = found.stream().map(Removable::id).toList();
        PurgeBatch.delete(connection, "DELETE FROM curfew_revocation WHERE id = ?", ids);
        int notices = (int) found.stream().filter(Removable::isNotice).count();
        return PurgeBatch.ofRevocations(found.size(), found.size() - notices, walked);
    }
}
