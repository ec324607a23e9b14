package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.session.LookupKey;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a reader of the feed recognizes a row by: two rows with equal versions say the same. Immutable.
 *
 * <p>The name of an act stands for everything that the act asks for, but not for the instants that its step has fixed,
 * and a store that was restored gives the same {@code seq} again. So neither of them is enough.
 *
 * @param seq the number that the row got when it was inserted
 * @param id the name of the act, or what stands for it
 * @param issuedBefore in milliseconds
 * @param revokedAt in milliseconds
 * @param forgetAfter in milliseconds
 * @param openness {@link RevocationRow#PLAIN}, {@link RevocationRow#OPEN} or {@link RevocationRow#CLOSED}
 */
record RowVersion(long seq, LookupKey id, long issuedBefore, long revokedAt, long forgetAfter, int openness) {
    static final String COLUMNS = "r.seq, r.id, r.issued_before, r.revoked_at, r.forget_after, r.is_open";

    static RowVersion read(ResultSet row) throws SQLException {
        return new RowVersion(
                row.getLong(1),
                Columns.nameOf(row.getBytes(2)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6));
    }

    /** Out of the columns of a whole row, which are sent once; {@code seq} stands in a column of its own. */
    static RowVersion ofWhole(ResultSet row, int seq) throws SQLException {
        return new RowVersion(
                row.getLong(seq),
                Columns.nameOf(row.getBytes(RevocationTable.ID)),
                row.getLong(RevocationTable.ISSUED_BEFORE),
                row.getLong(RevocationTable.REVOKED_AT),
                row.getLong(RevocationTable.FORGET_AFTER),
                row.getInt(RevocationTable.IS_OPEN));
    }
}
