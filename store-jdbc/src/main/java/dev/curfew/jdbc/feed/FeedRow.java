package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.StoreTimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * A row of the table of revocations as the feed and its upkeep see it. Immutable.
 *
 * @param row what it says
 * @param version what it is recognized by
 * @param mark its number in the feed, with the proof of it; number 0 until a reader numbers it
 * @param numberedAt in milliseconds; 0 until it is numbered
 */
public record FeedRow(RevocationRow row, RowVersion version, Mark mark, long numberedAt) {
    public static final String COLUMNS = RevocationTable.COLUMNS + ", r.position, r.proof, r.numbered_at, r.seq";

    private static final int OWN = RevocationTable.WIDTH;

    public static FeedRow read(ResultSet row) throws SQLException {
        return new FeedRow(
                RevocationTable.read(row),
                RowVersion.ofWhole(row, OWN + 4),
                new Mark(row.getLong(OWN + 1), row.getLong(OWN + 2)),
                row.getLong(OWN + 3));
    }

    /** What this row, the birth marker, says of the store's own time. */
    StoreTimes times(ServerClock clock, Instant now) {
        return clock.at(now, BirthMarker.timesIn(List.of(row)));
    }

    /** {@return the number that it got when it was inserted} */
    public long seq() {
        return version.seq();
    }

    /** {@return its number in the feed, or 0} */
    long number() {
        return mark.number();
    }

    public boolean isNumbered() {
        return number() != 0;
    }

    public boolean isOpen() {
        return row.isOpen();
    }

    public boolean isClosed() {
        return row.isClosed();
    }
}
