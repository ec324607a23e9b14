package dev.curfew.jdbc;

import dev.curfew.revocation.Actor;
import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of revocations, and how it is read and written. Immutable.
 *
 * @param id the name of the act, or what stands for it
 * @param position in the feed; 0 until a reader numbers it
 * @param proof given with the position
 * @param kind the code of the target's kind, or {@link #NOTICE}
 * @param key of the target
 * @param revocation what it says, or null for a notice and for what this version cannot read
 * @param newlyCovered what the act that wrote it counted
 * @param openness {@link #PLAIN}, {@link #OPEN} or {@link #CLOSED}
 * @param forgetAfter in milliseconds, also of what cannot be read otherwise
 * @param times of the birth marker alone: the store's horizon, and what the server's clock said when the row was read,
 *     which differs from read to read; {@link ServerClock} says what that means
 */
record RevocationRow(
        LookupKey id,
        long position,
        long proof,
        int kind,
        LookupKey key,
        @Nullable Revocation revocation,
        long newlyCovered,
        int openness,
        long forgetAfter,
        @Nullable StoreTimes times) {
    /** The kind of a row that says that a session's secret was exchanged; no kind of a target. */
    static final int NOTICE = 0;

    /** In place of the kind of a row whose name or target is damaged, so that it is taken for nothing else. */
    static final int DAMAGED = -1;

    /** The kind of a birth marker, which is never removed. */
    static final int BIRTH = RevocationTarget.Kind.BIRTH.code();

    /** What a verb of the store wrote in a transaction of its own. */
    static final int PLAIN = 0;

    /** What joined a transaction of the host: it covers its whole target until somebody closes it. */
    static final int OPEN = 1;

    /** What was open, and has its instants now. */
    static final int CLOSED = 2;

    /** All columns, in the order of {@link #read}; every statement calls the table {@code r}. */
    static final String COLUMNS = "r.id, r.position, r.proof, r.kind, r.target_key, r.realm_key, r.bucket,"
            + " r.issued_before, r.exempt_key, r.exempt_began, r.reason, r.actor_kind, r.actor_id, r.revoked_at,"
            + " r.forget_after, r.newly_covered, r.is_open, r.horizon, CASE WHEN r.kind = 8 THEN {clock} END,"
            + " CASE WHEN r.kind = 8 THEN {primary} END";

    /** How many columns {@link #COLUMNS} has. */
    static final int WIDTH = 20;

    private static final String INSERT = """
            INSERT INTO curfew_revocation (id, kind, target_key, realm_key, bucket, scope_key, issued_before,
                exempt_key, exempt_began, reason, actor_kind, actor_id, revoked_at, forget_after,
                newly_covered, is_open)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";

    static RevocationRow read(ResultSet row) throws SQLException {
        return read(row, 0);
    }

    /**
     * Reads a row that begins behind so many columns; the birth marker, which every read asks for, only from a primary.
     */
    static RevocationRow read(ResultSet row, int offset) throws SQLException {
        boolean isDamaged = !Parameters.isKey(row.getBytes(offset + 1)) || !Parameters.isKey(row.getBytes(offset + 5));
        int kind = isDamaged ? DAMAGED : row.getInt(offset + 4);
        if (kind == BIRTH) {
            Primary.require(row, offset + WIDTH);
        }
        LookupKey key = Parameters.nameOf(row.getBytes(offset + 5));
        return new RevocationRow(
                Parameters.nameOf(row.getBytes(offset + 1)),
                row.getLong(offset + 2),
                row.getLong(offset + 3),
                kind,
                key,
                kind == NOTICE ? null : decode(row, offset, kind, key),
                row.getLong(offset + 16),
                row.getInt(offset + 17),
                row.getLong(offset + 15),
                kind == BIRTH ? timesOf(row, offset + 18) : null);
    }

    /**
     * What it says.
     *
     * @throws UndecodableRevocationException if this version cannot read it
     */
    Revocation required() {
        if (revocation == null) {
            throw new UndecodableRevocationException("the revocation whose id is " + id + ", of kind " + kind
                    + ", cannot be read: damaged, or of a newer version");
        }
        return revocation;
    }

    /** Whether it may cover something. */
    boolean counts(Instant now) {
        return kind != NOTICE && forgetAfter > now.toEpochMilli();
    }

    boolean isOpen() {
        return openness == OPEN;
    }

    boolean isClosed() {
        return openness == CLOSED;
    }

    boolean isNotice() {
        return kind == NOTICE;
    }

    /** The name of a row that no act has: the same content has the same name, so that it is never written twice. */
    static LookupKey contentId(Revocation entry) {
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

    static Optional<RevocationRow> byId(Call call, LookupKey id) throws SQLException {
        try (Parameters select = call.prepare("SELECT " + COLUMNS + " FROM curfew_revocation r WHERE r.id = ?")) {
            return select.key(id).first(RevocationRow::read);
        }
    }

    /** Writes the row; a listener is woken when the transaction commits. */
    static void insert(
            Call call, LookupKey id, Revocation entry, @Nullable LookupKey scope, long newlyCovered, int openness)
            throws SQLException {
        String text = INSERT + (id.equals(Births.ID) ? call.dialect().ifAbsent("id") : "");
        try (Parameters insert = call.prepare(text + wakingListeners(call))) {
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
    }

    /**
     * Writes that the secret of a session was exchanged. It is forgotten at once, so that it stays as long as others do
     * then.
     */
    static void insertNotice(Call call, LookupKey id, LookupKey session, LookupKey realm, Instant now)
            throws SQLException {
        try (Parameters insert = call.prepare(INSERT + wakingListeners(call))) {
            insert.key(id)
                    .number(NOTICE)
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
        return new StoreTimes(Parameters.instantOf(row, column), Parameters.instantOf(row, column + 1));
    }

    /** What wakes the listeners when the transaction commits, behind a statement that writes. */
    static String wakingListeners(Call call) {
        return call.dialect().notifies() ? "; NOTIFY " + call.names().channel() : "";
    }

    private static @Nullable Revocation decode(ResultSet row, int offset, int kind, LookupKey key) throws SQLException {
        RevocationTarget.Kind known = Codes.kind(kind);
        RevocationReason reason = Codes.reason(row.getInt(offset + 11));
        if (known == null || reason == null) {
            return null;
        }
        try {
            Actor actor = Codes.actor(row.getInt(offset + 12), row.getString(offset + 13));
            if (actor == null) {
                return null;
            }
            Revocation.Builder revocation = Revocation.of(new RevocationTarget(
                            known, key, LookupKey.fromBytes(row.getBytes(offset + 6)), row.getInt(offset + 7)))
                    .issuedBefore(Parameters.instantOf(row, offset + 8))
                    .because(reason, actor)
                    .revokedAt(Parameters.instantOf(row, offset + 14))
                    .forgetAfter(Parameters.instantOf(row, offset + 15));
            LookupKey exempt = Parameters.keyOf(row.getBytes(offset + 9));
            if (exempt != null) {
                long began = row.getLong(offset + 10);
                revocation.exempt(ExemptSession.stored(exempt, row.wasNull() ? null : Instant.ofEpochMilli(began)));
            }
            return revocation.build();
        } catch (IllegalArgumentException | java.nio.BufferUnderflowException e) {
            return null;
        }
    }
}
