package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.Primary;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.UndecodableRecordException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The statements about shared records. Each is whole by itself: it compares the version, the end and the horizon, asks
 * whether the server is the primary, and writes, in one. Confined to one thread.
 */
public final class RecordRows {
    private static final String TIMES = "COALESCE(b.horizon, 0), {clock}, {primary}";
    private static final String COLUMNS = "r.group_key, r.item_key, r.version, r.payload, r.forget_after";

    private static final String ONE = "SELECT " + TIMES + ", " + COLUMNS + " FROM curfew_revocation b"
            + " LEFT JOIN curfew_record r ON r.group_key = ? AND r.item_key = ? WHERE b.id = ?";

    /** The page is found before it is joined, so that no more than its rows are put in order. */
    private static final String PAGE = "SELECT " + TIMES + ", " + COLUMNS + " FROM curfew_revocation b"
            + " LEFT JOIN (SELECT " + COLUMNS + " FROM curfew_record r WHERE r.group_key = ?%s"
            + " ORDER BY r.item_key LIMIT ?) r ON 1 = 1 WHERE b.id = ? ORDER BY r.item_key";

    private static final String FIRST = String.format(PAGE, "");
    private static final String BEHIND = String.format(PAGE, " AND r.item_key > ?");

    /** A user whom no read-only mode binds could write at a server that is no primary any more. */
    private static final String BIRTH_THAT_LETS_WRITE =
            " FROM curfew_revocation b WHERE b.id = ? AND COALESCE(b.horizon, 0) <= ? AND {primary} = 1";

    private static final String INSERT = "INSERT INTO curfew_record (group_key, item_key, version, payload,"
            + " forget_after) SELECT ?, ?, ?, ?, ?" + BIRTH_THAT_LETS_WRITE;

    private static final String SAME = " WHERE group_key = ? AND item_key = ? AND version = ? AND forget_after > ?"
            + " AND EXISTS (SELECT 1" + BIRTH_THAT_LETS_WRITE + ")";

    private static final String UPDATE = "UPDATE curfew_record SET version = ?, payload = ?, forget_after = ?" + SAME;
    private static final String DELETE = "DELETE FROM curfew_record" + SAME;

    private final SqlConnection connection;
    private final Instant now;

    public RecordRows(SqlConnection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /**
     * What one statement found.
     *
     * @param horizon of the store
     * @param clock by which records are forgotten: the earlier of the node's and the server's
     * @param rows what stands there, forgotten or not
     */
    public record Found(Instant horizon, Instant clock, List<SharedRecord> rows) {
        /** The same, if it may be judged at this instant. */
        public Found behindHorizon(String operation, Instant now) {
            Horizon.require(operation, now, horizon);
            return this;
        }

        /** The one that stands there, forgotten or not. */
        public Optional<SharedRecord> first() {
            return rows.stream().findFirst();
        }

        /** Those that are not forgotten. */
        public List<SharedRecord> standing() {
            return rows.stream().filter(row -> !row.isForgotten(clock)).toList();
        }
    }

    /** Nothing if the birth marker is missing. */
    public Optional<Found> one(RecordKey key) throws SQLException {
        try (SqlStatement select = connection.prepare(ONE)) {
            return found(select.key(key.group()).key(key.item()).key(BirthMarker.ID));
        }
    }

    /** The same of the next ones of a group, in the order of their items. */
    public Optional<Found> page(LookupKey group, @Nullable LookupKey after, int limit) throws SQLException {
        try (SqlStatement select = connection.prepare(after == null ? FIRST : BEHIND)) {
            select.key(group);
            if (after != null) {
                select.key(after);
            }
            return found(select.number(limit).key(BirthMarker.ID));
        }
    }

    /** Writes where no row stands, not even a forgotten one. */
    public boolean insert(SharedRecord next) throws SQLException {
        String ifAbsent =
                connection.dialect().countsIfAbsent() ? connection.dialect().ifAbsent("group_key") : "";
        try (SqlStatement insert = connection.prepare(INSERT + ifAbsent)) {
            insert.key(next.key().group()).key(next.key().item());
            return bindHorizon(bindContent(insert, next)).update() > 0;
        } catch (SQLException e) {
            if (connection.dialect().isDuplicate(e)) {
                return false;
            }
            throw e;
        }
    }

    /** Writes over a version that is not forgotten by this clock. */
    public boolean update(SharedRecord next, long expected, Instant clock) throws SQLException {
        try (SqlStatement update = connection.prepare(UPDATE)) {
            bindSame(bindContent(update, next), next.key(), expected, clock);
            return update.update() > 0;
        }
    }

    /** Removes a version that is not forgotten by this clock. */
    public boolean delete(RecordKey key, long expected, Instant clock) throws SQLException {
        try (SqlStatement delete = connection.prepare(DELETE)) {
            bindSame(delete, key, expected, clock);
            return delete.update() > 0;
        }
    }

    private static SqlStatement bindContent(SqlStatement statement, SharedRecord next) throws SQLException {
        return statement.number(next.version()).bytes(next.value()).instant(next.forgetAfter());
    }

    private void bindSame(SqlStatement statement, RecordKey key, long expected, Instant clock) throws SQLException {
        bindHorizon(statement.key(key.group()).key(key.item()).number(expected).instant(clock));
    }

    private SqlStatement bindHorizon(SqlStatement statement) throws SQLException {
        return statement.key(BirthMarker.ID).instant(now);
    }

    private Optional<Found> found(SqlStatement select) throws SQLException {
        List<Met> met = select.list(this::read);
        return met.stream()
                .findFirst()
                .map(any -> new Found(
                        any.horizon,
                        any.clock,
                        met.stream().map(Met::row).filter(Objects::nonNull).toList()));
    }

    /** The times, and a record if one stands there. */
    private record Met(
            Instant horizon, Instant clock, @Nullable SharedRecord row) {}

    private Met read(ResultSet row) throws SQLException {
        Primary.require(row, 3);
        Instant server = connection.clock().at(now, Columns.instantOf(row, 2));
        return new Met(
                Columns.instantOf(row, 1),
                server.isBefore(now) ? server : now,
                row.getBytes(4) == null ? null : record(row));
    }

    private static SharedRecord record(ResultSet row) throws SQLException {
        byte[] item = row.getBytes(5);
        long version = row.getLong(6);
        byte[] value = row.getBytes(7);
        if (item.length != LookupKey.BYTES || version < 1 || value == null || value.length > SharedRecords.MAX_VALUE) {
            throw new UndecodableRecordException("the row of record " + Columns.nameOf(item) + " in group "
                    + Columns.nameOf(row.getBytes(4)) + " cannot be read");
        }
        return new SharedRecord(
                new RecordKey(Columns.key(row, 4), LookupKey.fromBytes(item)),
                version,
                value,
                Columns.instantOf(row, 8));
    }
}
