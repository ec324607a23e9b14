package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.KeyPlace;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.jdbc.table.ScopeQuery;
import dev.curfew.session.LookupKey;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Counts the sessions of the whole store that live, on a walk along the keys, so that each statement ends in time.
 * Thread-safe.
 */
public final class LiveCount {
    private static final int AT_ONCE = 5_000;

    private static final String COUNT = "SELECT COUNT(*), " + Horizon.COLUMN
            + " FROM curfew_session s WHERE s.session_key > ? AND s.ends_at > ? AND " + LiveSessions.UNCOVERED;

    private final OpenedDatabase database;

    public LiveCount(OpenedDatabase database) {
        this.database = database;
    }

    public long count(Instant now) {
        long live = 0;
        LookupKey after = KeyPlace.START;
        while (true) {
            LookupKey from = after;
            Part part = database.read("countLive", now, connection -> read(connection, from, now));
            live += part.live;
            LookupKey until = part.until;
            // Behind the greatest key stands at most what is damaged.
            if (until == null || until.equals(from)) {
                return live;
            }
            after = until;
        }
    }

    private static Optional<Part> read(SqlConnection connection, LookupKey after, Instant now) throws SQLException {
        LookupKey until = ScopeQuery.place(connection, after, AT_ONCE).orElse(null);
        String sql = COUNT + (until == null ? "" : " AND s.session_key <= ?");
        try (SqlStatement select = connection.prepare(sql)) {
            select.key(BirthMarker.ID)
                    .key(after)
                    .instant(now)
                    .key(BirthMarker.KEY)
                    .instant(now);
            if (until != null) {
                select.key(until);
            }
            return select.list(row -> {
                        row.getLong(2);
                        if (row.wasNull()) {
                            return Optional.<Part>empty();
                        }
                        Horizon.require("countLive", now, row, 2);
                        return Optional.of(new Part(row.getLong(1), until));
                    })
                    .get(0);
        }
    }

    /** How many live up to a place, or up to the end. */
    private record Part(long live, @Nullable LookupKey until) {}
}
