package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.Primary;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreTimes;
import java.nio.BufferUnderflowException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How rows of the table of revocations are read and written. */
public final class RevocationTable {
    /** All columns, in the order of {@link #read}; every statement calls the table {@code r}. */
    public static final String COLUMNS = "r.id, r.kind, r.target_key, r.realm_key, r.bucket,"
            + " r.issued_before, r.exempt_key, r.exempt_began, r.reason, r.actor_kind, r.actor_id, r.revoked_at,"
            + " r.forget_after, r.newly_covered, r.is_open, r.horizon,"
            + KindNumbers.in(" CASE WHEN r.kind = {BIRTH} THEN {clock} END,")
            + KindNumbers.in(" CASE WHEN r.kind = {BIRTH} THEN {primary} END");

    /** How many columns {@link #COLUMNS} has. */
    public static final int WIDTH = 18;

    /** Places of columns in {@link #COLUMNS} that are read as they stand, whether or not the row can be decoded. */
    public static final int ID = 1;

    public static final int ISSUED_BEFORE = 6;
    public static final int REVOKED_AT = 12;
    public static final int FORGET_AFTER = 13;
    public static final int IS_OPEN = 15;

    private static final String INSERT = """
            INSERT INTO curfew_revocation (id, kind, target_key, realm_key, bucket, scope_key, issued_before,
                exempt_key, exempt_began, reason, actor_kind, actor_id, revoked_at, forget_after,
                newly_covered, is_open)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    private RevocationTable() {}

    public static RevocationRow read(ResultSet row) throws SQLException {
        return read(row, 0);
    }

    /**
     * Reads a row that begins behind so many columns; the birth marker, which every read asks for, only from a primary.
     */
    public static RevocationRow read(ResultSet row, int offset) throws SQLException {
        boolean isDamaged = !Columns.isKey(row.getBytes(offset + ID)) || !Columns.isKey(row.getBytes(offset + 3));
        int kind = isDamaged ? RevocationRow.DAMAGED : row.getInt(offset + 2);
        if (kind == RevocationRow.BIRTH) {
            Primary.require(row, offset + WIDTH);
        }
        LookupKey key = Columns.nameOf(row.getBytes(offset + 3));
        return new RevocationRow(
                Columns.nameOf(row.getBytes(offset + ID)),
                kind,
                key,
                kind == RevocationRow.NOTICE ? null : decode(row, offset, kind, key),
                row.getLong(offset + 14),
                row.getInt(offset + IS_OPEN),
                row.getLong(offset + FORGET_AFTER),
                kind == RevocationRow.BIRTH ? timesOf(row, offset + 16) : null);
    }

    /** The name of a row that no act has: the same content has the same name, so that it is never written twice. */
    public static LookupKey contentId(Revocation entry) {
        return LookupKey.of(
                "curfew-entry",
                entry.target().kind().name(),
                entry.target().key().toString(),
                Integer.toString(entry.target().bucket()),
                entry.exempt().map(spared -> spared.key().toString()).orElse(""),
                Long.toString(entry.issuedBefore().toEpochMilli()),
                entry.reason().name(),
                entry.actor().kind().name(),
                entry.actor().id(),
                Long.toString(entry.revokedAt().toEpochMilli()),
                Long.toString(entry.forgetAfter().toEpochMilli()));
    }

    /**
     * Under which key a search for all entries that concern a subject, or for cut-offs of a realm, finds an entry;
     * {@code owner} is the subject of the session that is the target, as far as that is known.
     */
    public static @Nullable LookupKey scopeOf(RevocationTarget target, @Nullable LookupKey owner) {
        return switch (target.kind()) {
            case SESSION, FOREIGN_SESSION -> owner;
            case SUBJECT, CLIENT, REALM -> target.realm();
            case TOKEN, SIGNING_KEY, BIRTH -> null;
        };
    }

    public static Optional<RevocationRow> byId(SqlConnection connection, LookupKey id) throws SQLException {
        try (SqlStatement select =
                connection.prepare("SELECT " + COLUMNS + " FROM curfew_revocation r WHERE r.id = ?")) {
            return select.key(id).first(RevocationTable::read);
        }
    }

    /** Writes the row; a listener is woken when the transaction commits. */
    public static void insert(
            SqlConnection connection,
            LookupKey id,
            Revocation entry,
            @Nullable LookupKey scope,
            long newlyCovered,
            int openness)
            throws SQLException {
        String text = INSERT + (id.equals(BirthMarker.ID) ? connection.dialect().ifAbsent("id") : "");
        try (SqlStatement insert = connection.prepare(text + connection.wakingListeners())) {
            write(insert, id, entry, scope, newlyCovered, openness);
        }
    }

    /** The same as the last statement of its transaction. */
    public static void insertLast(
            SqlConnection connection,
            LookupKey id,
            Revocation entry,
            @Nullable LookupKey scope,
            long newlyCovered,
            int openness)
            throws SQLException {
        try (SqlStatement insert = connection.prepareLast(INSERT + connection.wakingListeners())) {
            write(insert, id, entry, scope, newlyCovered, openness);
        }
    }

    private static void write(
            SqlStatement insert,
            LookupKey id,
            Revocation entry,
            @Nullable LookupKey scope,
            long newlyCovered,
            int openness)
            throws SQLException {
        RevocationTarget target = entry.target();
        insert.key(id)
                .number(target.kind().code())
                .key(target.key())
                .key(target.realm())
                .number(target.bucket())
                .key(scope)
                .instant(entry.issuedBefore())
                .key(entry.exempt().map(ExemptSession::key).orElse(null))
                .number(entry.exempt()
                        .flatMap(ExemptSession::began)
                        .map(Instant::toEpochMilli)
                        .orElse(null))
                .number(entry.reason().code())
                .number(entry.actor().kind().code())
                .text(entry.actor().id())
                .instant(entry.revokedAt())
                .instant(entry.forgetAfter())
                .number(newlyCovered)
                .number(openness)
                .update();
    }

    /**
     * Writes that the secret of a session was exchanged, as the last statement of its transaction. It is forgotten at
     * once, so that it stays as long as others do then.
     */
    public static void insertNotice(
            SqlConnection connection, LookupKey id, LookupKey session, LookupKey realm, Instant now)
            throws SQLException {
        try (SqlStatement insert = connection.prepareLast(INSERT + connection.wakingListeners())) {
            insert.key(id)
                    .number(RevocationRow.NOTICE)
                    .key(session)
                    .key(realm)
                    .number(RevocationTarget.EVERYWHERE)
                    .key(null)
                    .instant(now)
                    .key(null)
                    .number((Long) null)
                    .number(0)
                    .number(0)
                    .text("")
                    .instant(now)
                    .instant(now)
                    .number(0)
                    .number(0)
                    .update();
        }
    }

    /**
     * The horizon and the reading of the clock, which stand side by side; a store that has removed nothing has no
     * horizon yet.
     */
    private static StoreTimes timesOf(ResultSet row, int column) throws SQLException {
        return new StoreTimes(Columns.instantOf(row, column), Columns.instantOf(row, column + 1));
    }

    private static @Nullable Revocation decode(ResultSet row, int offset, int kind, LookupKey key) throws SQLException {
        RevocationTarget.Kind known = StoredCodes.kind(kind);
        RevocationReason reason = StoredCodes.reason(row.getInt(offset + 9));
        if (known == null || reason == null) {
            return null;
        }
        try {
            Actor actor = StoredCodes.actor(row.getInt(offset + 10), row.getString(offset + 11));
            if (actor == null) {
                return null;
            }
            Revocation.Builder revocation = Revocation.of(
                            new RevocationTarget(known, key, Columns.key(row, offset + 4), row.getInt(offset + 5)))
                    .issuedBefore(Columns.instantOf(row, offset + ISSUED_BEFORE))
                    .because(reason, actor)
                    .revokedAt(Columns.instantOf(row, offset + REVOKED_AT))
                    .forgetAfter(Columns.instantOf(row, offset + FORGET_AFTER));
            LookupKey exempt = Columns.keyOrNull(row, offset + 7);
            if (exempt != null) {
                long began = row.getLong(offset + 8);
                revocation.exempt(ExemptSession.stored(exempt, row.wasNull() ? null : Instant.ofEpochMilli(began)));
            }
            return revocation.build();
        } catch (IllegalArgumentException | BufferUnderflowException e) {
            return null;
        }
    }
}
