package dev.curfew.examples.sqlite;

import dev.curfew.crypto.SecretHash;
import dev.curfew.meter.DamagedRows;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.StoredSession;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of sessions. Confined to one transaction. */
final class SessionTable {
    private static final String NAMES = "session_key, bucket, realm_key, subject_key, client_key, session_id,"
            + " authenticated_at, created_at, last_seen_at, idle_timeout, expires_at, forget_after, secret_hash,"
            + " credential, payload";
    private static final String SELECT = "SELECT " + NAMES + " FROM session WHERE ";

    private final Transaction transaction;
    private final DamagedRows damaged;

    SessionTable(Transaction transaction, DamagedRows damaged) {
        this.transaction = transaction;
        this.damaged = damaged;
    }

    Transaction transaction() {
        return transaction;
    }

    /** {@return a row that can be read} */
    Optional<StoredSession> find(LookupKey session) {
        return transaction
                .first(SELECT + "session_key = ?", this::read, (Object) session.toBytes())
                .flatMap(row -> row);
    }

    /** {@return those of the rows that can be read, in any order} */
    List<StoredSession> findAll(Collection<LookupKey> sessions) {
        return transaction
                .list(
                        SELECT + "session_key IN (SELECT unhex(value) FROM json_each(?))",
                        this::read,
                        Columns.json(sessions))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    boolean exists(LookupKey session) {
        return transaction.exists("SELECT 1 FROM session WHERE session_key = ?", (Object) session.toBytes());
    }

    /** The sessions of a subject, the one that began last in front, in the order of {@link SessionCursor}. */
    SessionScan ofSubject(LookupKey subject, Optional<SessionCursor> after) {
        String order = " ORDER BY authenticated_at DESC, created_at DESC, session_key";
        if (after.isEmpty()) {
            return scan("subject_key = ?" + order, subject.toBytes());
        }
        SessionCursor place = after.get();
        // Negated, so that one row comparison says "behind" in an order of two descending columns and an ascending one.
        return scan(
                "subject_key = ? AND authenticated_at <= ?"
                        + " AND (-authenticated_at, -created_at, session_key) > (?, ?, ?)" + order,
                subject.toBytes(),
                place.authenticatedAt().toEpochMilli(),
                -place.authenticatedAt().toEpochMilli(),
                -place.createdAt().toEpochMilli(),
                place.key().toBytes());
    }

    /** The sessions that a column names, or all, in the order of their keys. */
    SessionScan byKey(@Nullable String column, @Nullable LookupKey value, Optional<LookupKey> after) {
        byte[] from = after.map(LookupKey::toBytes).orElse(new byte[0]);
        if (column == null || value == null) {
            return scan("session_key > ? ORDER BY session_key", (Object) from);
        }
        return scan(column + " = ? AND session_key > ? ORDER BY session_key", value.toBytes(), from);
    }

    private SessionScan scan(String condition, Object... parameters) {
        try {
            return new SessionScan(transaction.query(SELECT + condition, parameters), this::read);
        } catch (SQLException e) {
            throw new SqlFailure(e);
        }
    }

    /** {@return when the newest session of a subject began, other than one} */
    Instant newestBeginning(LookupKey subject, Optional<LookupKey> otherThan) {
        return transaction
                .list(
                        "SELECT authenticated_at FROM session WHERE subject_key = ? AND session_key IS NOT ?"
                                + " ORDER BY authenticated_at DESC LIMIT 1",
                        row -> Columns.instant(row, 1),
                        subject.toBytes(),
                        Columns.bytes(otherThan))
                .stream()
                .findFirst()
                .orElse(Instant.EPOCH);
    }

    /** Writes a row, in the place of one with the same key. */
    void put(StoredSession row) {
        transaction.update(
                "INSERT OR REPLACE INTO session (" + NAMES + ", ends_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row.key().toBytes(),
                row.bucket(),
                row.realmKey().toBytes(),
                row.subjectKey().toBytes(),
                Columns.bytes(row.clientKey()),
                row.id().map(SessionTable::bytes).orElse(null),
                row.authenticatedAt().toEpochMilli(),
                row.createdAt().toEpochMilli(),
                row.lastSeenAt().toEpochMilli(),
                row.idleTimeout().toMillis(),
                row.expiresAt().toEpochMilli(),
                row.forgetAfter().toEpochMilli(),
                row.secretHash().map(SecretHash::toBytes).orElse(null),
                row.credential(),
                row.payload(),
                row.endsByTime().toEpochMilli());
    }

    /** Writes when a session was last seen, and no other column or index. */
    void moveLastSeen(StoredSession row) {
        transaction.update(
                "UPDATE session SET last_seen_at = ?, ends_at = ? WHERE session_key = ?",
                row.lastSeenAt().toEpochMilli(),
                row.endsByTime().toEpochMilli(),
                row.key().toBytes());
    }

    int delete(Collection<LookupKey> sessions) {
        return sessions.isEmpty()
                ? 0
                : transaction.update(
                        "DELETE FROM session WHERE session_key IN (SELECT unhex(value) FROM json_each(?))",
                        Columns.json(sessions));
    }

    private static byte[] bytes(SessionId id) {
        ByteBuffer bytes = ByteBuffer.allocate(SessionId.BYTES);
        id.write(bytes);
        return bytes.array();
    }

    /** A row that is damaged, or that a newer version wrote, is as good as none: nobody can use its session. */
    private Optional<StoredSession> read(ResultSet row) throws SQLException {
        try {
            return Optional.of(decoded(row));
        } catch (RuntimeException e) {
            damaged.met(
                    LookupKey.fromBytes(row.getBytes(1)),
                    "The row of a session cannot be read and is left out until a purge removes it.");
            return Optional.empty();
        }
    }

    private static StoredSession decoded(ResultSet row) throws SQLException {
        StoredSession.Builder session = StoredSession.stored()
                .keys(
                        Columns.requiredKey(row, 1),
                        row.getInt(2),
                        Columns.requiredKey(row, 3),
                        Columns.requiredKey(row, 4))
                .authenticatedAt(Columns.instant(row, 7))
                .createdAt(Columns.instant(row, 8))
                .lastSeenAt(Columns.instant(row, 9))
                .ends(Columns.instant(row, 11), Duration.ofMillis(row.getLong(10)))
                .forgetAfter(Columns.instant(row, 12))
                .credential(row.getBytes(14))
                .payload(row.getBytes(15));
        Columns.key(row, 5).ifPresent(session::clientKey);
        byte[] id = row.getBytes(6);
        if (id != null) {
            session.id(SessionId.read(ByteBuffer.wrap(id)).orElseThrow());
        }
        byte[] secret = row.getBytes(13);
        if (secret != null) {
            session.secretHash(SecretHash.stored(secret));
        }
        return session.build();
    }
}
