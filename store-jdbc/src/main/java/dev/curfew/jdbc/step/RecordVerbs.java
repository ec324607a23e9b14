package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.jdbc.table.RecordRows;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The shared records of a database. Thread-safe.
 *
 * <p>A write or a removal that wins is one statement without a transaction around it. One that changes no row looks for
 * the reason, in another statement, and tries once more only where the node's clock alone says that the row is
 * forgotten, or where a forgotten row is in the way; it compares then with what it has just seen, so that whoever came
 * between them wins. If that was a purge, which leaves the place free, it begins again.
 */
public final class RecordVerbs implements SharedRecords {
    private static final int MOST_TRIES = 3;

    /** The SQL state by which a step is repeated, and at last fails as in an outage. */
    private static final String CONFLICT = "40001";

    private final OpenedDatabase opened;

    public RecordVerbs(OpenedDatabase opened) {
        this.opened = opened;
    }

    @Override
    public Optional<SharedRecord> read(RecordKey key, Instant now) {
        Objects.requireNonNull(key, "key");
        return opened
                .read("readRecord", now, connection -> new RecordRows(connection, now).one(key))
                .behindHorizon("readRecord", now)
                .standing()
                .stream()
                .findFirst();
    }

    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        SharedRecords.requireWrite(expected, value, forgetAfter, now);
        SharedRecord next = new SharedRecord(key, SharedRecords.nextVersion(expected), value, forgetAfter);
        return opened.single(
                "writeRecord",
                now,
                connection -> expected == 0 ? create(connection, next, now) : change(connection, next, expected, now));
    }

    private static Optional<Boolean> create(SqlConnection connection, SharedRecord next, Instant now)
            throws SQLException {
        RecordRows rows = new RecordRows(connection, now);
        for (int i = 0; i < MOST_TRIES; i++) {
            if (rows.insert(next)) {
                return Optional.of(true);
            }
            Optional<RecordRows.Found> found = rows.one(next.key());
            if (found.isEmpty()) {
                return Optional.empty();
            }
            RecordRows.Found seen = found.get().behindHorizon("writeRecord", now);
            if (!seen.standing().isEmpty()) {
                return Optional.of(false);
            }
            SharedRecord forgotten = seen.first().orElse(null);
            if (forgotten != null && rows.update(next, forgotten.version(), Instant.EPOCH)) {
                return Optional.of(true);
            }
        }
        throw new SQLException("what stands in the place of a new record changes again and again", CONFLICT);
    }

    private static Optional<Boolean> change(SqlConnection connection, SharedRecord next, long expected, Instant now)
            throws SQLException {
        RecordRows rows = new RecordRows(connection, now);
        if (rows.update(next, expected, now)) {
            return Optional.of(true);
        }
        Optional<RecordRows.Found> found = rows.one(next.key());
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(stands(found.get(), "writeRecord", expected, now)
                        && rows.update(next, expected, found.get().clock()));
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        Objects.requireNonNull(key, "key");
        SharedRecords.requireVersion(expected);
        return opened.single("removeRecord", now, connection -> {
            RecordRows rows = new RecordRows(connection, now);
            if (rows.delete(key, expected, now)) {
                return Optional.of(true);
            }
            Optional<RecordRows.Found> found = rows.one(key);
            return found.isEmpty()
                    ? Optional.empty()
                    : Optional.of(stands(found.get(), "removeRecord", expected, now)
                            && rows.delete(key, expected, found.get().clock()));
        });
    }

    /** Whether that version stands there after all: by the server's clock it is not forgotten. */
    private static boolean stands(RecordRows.Found found, String operation, long expected, Instant now) {
        return found.behindHorizon(operation, now).standing().stream().anyMatch(row -> row.version() == expected);
    }

    @Override
    public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        Objects.requireNonNull(group, "group");
        SharedRecords.requireLimit(limit);
        LookupKey place = after.orElse(null);
        RecordRows.Found found = opened.read(
                        "listRecords", now, connection -> new RecordRows(connection, now).page(group, place, limit + 1))
                .behindHorizon("listRecords", now);
        List<SharedRecord> rows = found.rows();
        if (rows.size() <= limit) {
            return new RecordPage(found.standing(), Optional.empty());
        }
        LookupKey last = rows.get(limit - 1).key().item();
        return new RecordPage(
                found.standing().stream()
                        .filter(row -> row.key().item().compareTo(last) <= 0)
                        .toList(),
                Optional.of(last));
    }
}
