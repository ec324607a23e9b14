package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** Removes one batch of shared records that were forgotten long enough ago. */
final class RecordPurge {
    private static final String FORGOTTEN = "SELECT r.group_key, r.item_key FROM curfew_record r"
            + " WHERE r.forget_after <= ? ORDER BY r.forget_after LIMIT ?" + PurgeBatch.SKIP_LOCKED;
    private static final String REMOVE = "DELETE FROM curfew_record WHERE group_key = ? AND item_key = ?";

    /** As the columns say it: a damaged key is removed as it stands. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Place(byte[] group, byte[] item) {}

    private RecordPurge() {}

    /** The rows are locked, so that none is written anew before it goes. */
    static PurgeBatch remove(SqlConnection connection, Instant now, int limit) throws SQLException {
        Instant before = now.minus(StoreSettings.PURGE_DELAY);
        List<Place> places;
        try (SqlStatement select = connection.prepare(FORGOTTEN)) {
            places = select.instant(before).number(limit).list(row -> new Place(row.getBytes(1), row.getBytes(2)));
        }
        boolean mayGo = !places.isEmpty() && Horizon.raise(connection, before);
        if (mayGo) {
            try (SqlStatement delete = connection.prepare(REMOVE)) {
                for (Place place : places) {
                    delete.bytes(place.group).bytes(place.item).addToBatch();
                }
                delete.executeBatch();
            }
        }
        return PurgeBatch.ofRevocations(mayGo ? places.size() : 0, 0, PurgeBatch.Walked.NOTHING);
    }
}
