package dev.curfew.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A row of the table of revocations as the feed and its upkeep see it. Immutable.
 *
 * @param row what it says
 * @param sighting by what it is known again
 * @param numberedAt in milliseconds; 0 until it is numbered
 */
record FeedRow(RevocationRow row, Sighting sighting, long numberedAt) {
    static final String COLUMNS = RevocationRow.COLUMNS + ", r.numbered_at, " + Sighting.COLUMNS;

    static FeedRow read(ResultSet row) throws SQLException {
        return new FeedRow(
                RevocationRow.read(row),
                Sighting.read(row, RevocationRow.WIDTH + 1),
                row.getLong(RevocationRow.WIDTH + 1));
    }

    long seq() {
        return sighting.seq();
    }

    boolean isNumbered() {
        return row.position() != 0;
    }

    boolean isOpen() {
        return row.isOpen();
    }

    boolean isClosed() {
        return row.isClosed();
    }
}
