package dev.curfew.jdbc.table;

import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.meter.DamagedRows;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionId;
import dev.curfew.store.StoredSession;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a row of the table of sessions is read and written. */
public final class SessionTable {
    /** All columns, in the order of {@link #read}; every statement calls the table {@code s}. */
    public static final String COLUMNS =
            "s.session_key, s.bucket, s.session_id, s.realm_key, s.subject_key, s.client_key,"
                    + " s.authenticated_at, s.created_at, s.last_seen_at, s.idle_millis, s.expires_at, s.forget_after,"
                    + " s.secret_hash, s.credential, s.payload";

    /** How many columns {@link #COLUMNS} has. */
    public static final int WIDTH = 15;

    /** The order of a {@code SessionCursor}, and of the index of a subject's sessions. */
    public static final String ORDER = " ORDER BY s.authenticated_at DESC, s.created_at DESC, s.session_key";

    private static final DamagedRows DAMAGED = new DamagedRows(SessionTable.class, System::nanoTime);
    private static final int ID_BYTES = 24;

    private SessionTable() {}

    static StoredSession read(ResultSet row) throws SQLException {
        StoredSession.Builder session = StoredSession.stored()
                .keys(Columns.key(row, 1), row.getInt(2), Columns.key(row, 4), Columns.key(row, 5))
                .authenticatedAt(Columns.instantOf(row, 7))
                .createdAt(Columns.instantOf(row, 8))
                .lastSeenAt(Columns.instantOf(row, 9))
                .ends(Columns.instantOf(row, 11), Duration.ofMillis(row.getLong(10)))
                .forgetAfter(Columns.instantOf(row, 12))
                .payload(row.getBytes(15));
        byte[] id = row.getBytes(3);
        if (id != null) {
            ByteBuffer bytes = ByteBuffer.wrap(id);
            session.id(new SessionId(bytes.getLong(), bytes.getLong(), bytes.getLong()));
        }
        LookupKey client = Columns.keyOrNull(row, 6);
        if (client != null) {
            session.clientKey(client);
        }
        byte[] secret = row.getBytes(13);
        if (secret != null) {
            session.secretHash(SecretHash.stored(secret));
        }
        byte[] credential = row.getBytes(14);
        if (credential != null) {
            session.credential(credential);
        }
        return session.build();
    }

    /** A row that cannot be read hides no other one, and is still revocable by its key. */
    public static @Nullable StoredSession readOrReport(ResultSet row) throws SQLException {
        try {
            return read(row);
        } catch (IllegalArgumentException | NullPointerException | BufferUnderflowException | CurfewException e) {
            LookupKey key = Columns.nameOf(row.getBytes(1));
            DAMAGED.met(key, "the row of session " + key + " cannot be read and is skipped: " + FailureText.of(e));
            return null;
        }
    }

    public static void insert(SqlConnection connection, StoredSession session) throws SQLException {
        try (SqlStatement insert = connection.prepareLast("""
                INSERT INTO curfew_session (bucket, session_id, realm_key, subject_key, client_key, authenticated_at,
                    created_at, last_seen_at, idle_millis, expires_at, ends_at, forget_after, secret_hash, credential,
                    payload, session_key)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""")) {
            write(insert, session);
        }
    }

    /**
     * Puts a new session in the place of one that has ended and had the same foreign id.
     *
     * @return false if nothing stands there any more
     */
    public static boolean replace(SqlConnection connection, StoredSession session) throws SQLException {
        try (SqlStatement update = connection.prepare("""
                UPDATE curfew_session SET bucket = ?, session_id = ?, realm_key = ?, subject_key = ?, client_key = ?,
                    authenticated_at = ?, created_at = ?, last_seen_at = ?, idle_millis = ?, expires_at = ?,
                    ends_at = ?, forget_after = ?, secret_hash = ?, credential = ?, payload = ?
                WHERE session_key = ?""")) {
            return write(update, session) > 0;
        }
    }

    private static int write(SqlStatement statement, StoredSession session) throws SQLException {
        return statement
                .number(session.bucket())
                .bytes(session.id().map(SessionTable::idBytes).orElse(null))
                .key(session.realmKey())
                .key(session.subjectKey())
                .key(session.clientKey().orElse(null))
                .instant(session.authenticatedAt())
                .instant(session.createdAt())
                .instant(session.lastSeenAt())
                .number(session.idleTimeout().toMillis())
                .instant(session.expiresAt())
                .instant(session.endsByTime())
                .instant(session.forgetAfter())
                .bytes(session.secretHash().map(SecretHash::toBytes).orElse(null))
                .bytes(credentialBytes(session.credential()))
                .bytes(session.payload())
                .key(session.key())
                .update();
    }

    /** No credential stands as null, as in the rows of version 1. */
    public static byte @Nullable [] credentialBytes(byte[] credential) {
        return credential.length == 0 ? null : credential;
    }

    private static byte[] idBytes(SessionId id) {
        return ByteBuffer.allocate(ID_BYTES)
                .putLong(id.head())
                .putLong(id.random1())
                .putLong(id.random2())
                .array();
    }
}
