package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreTimes;
import dev.curfew.store.UndecodableRevocationException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of revocations. Immutable.
 *
 * @param id the name of the act, or what stands for it
 * @param kind the code of the target's kind, or {@link #NOTICE}
 * @param key of the target
 * @param revocation what it says, or null for a notice and for what this version cannot read
 * @param newlyCovered what the act that wrote it counted
 * @param openness {@link #PLAIN}, {@link #OPEN} or {@link #CLOSED}
 * @param forgetAfter in milliseconds, also of what cannot be read otherwise
 * @param times of the birth marker alone: the store's horizon, and what the server's clock said when the row was read,
 *     which differs from read to read; {@link ServerClock} says what that means
 */
public record RevocationRow(
        LookupKey id,
        int kind,
        LookupKey key,
        @Nullable Revocation revocation,
        long newlyCovered,
        int openness,
        long forgetAfter,
        @Nullable StoreTimes times) {
    /** The kind of a row that says that a session's secret was exchanged; no kind of a target. */
    public static final int NOTICE = 0;

    /** In place of the kind of a row whose name or target is damaged, so that it is taken for nothing else. */
    static final int DAMAGED = -1;

    /** The kind of a birth marker, which is never removed. */
    public static final int BIRTH = RevocationTarget.Kind.BIRTH.code();

    /** What a verb of the store wrote in a transaction of its own. */
    public static final int PLAIN = 0;

    /** What joined a transaction of the host: it covers its whole target until somebody closes it. */
    public static final int OPEN = 1;

    /** What was open, and has its instants now. */
    static final int CLOSED = 2;

    /**
     * What it says.
     *
     * @throws UndecodableRevocationException if this version cannot read it
     */
    public Revocation required() {
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

    public boolean isOpen() {
        return openness == OPEN;
    }

    public boolean isClosed() {
        return openness == CLOSED;
    }

    public boolean isNotice() {
        return kind == NOTICE;
    }
}
