package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Touch;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Signs of life: one conditional update for each session, sent together. Confined to one thread. */
public final class TouchStep {
    /**
     * The condition is the twin of the rule for one row of any subject; without the birth marker, or before the
     * horizon, nothing is live. A hash or a credential that cannot be read does not move.
     */
    private static final String UPDATE = """
            UPDATE curfew_session s SET last_seen_at = ?, ends_at = LEAST(s.expires_at, ? + s.idle_millis)
            WHERE s.session_key = ? AND s.last_seen_at < ? AND s.ends_at > ?
            AND (s.secret_hash IS NULL OR OCTET_LENGTH(s.secret_hash) = 32)
            AND (s.credential IS NULL OR s.secret_hash IS NOT NULL AND OCTET_LENGTH(s.credential) <= 255)
            AND EXISTS (SELECT 1 FROM curfew_revocation b WHERE b.id = ? AND COALESCE(b.horizon, 0) <= ?)
            AND""" + " " + LiveSessions.UNCOVERED;

    private record Placed(int place, Touch touch) {
        LookupKey key() {
            return touch.session().key();
        }
    }

    private final SqlConnection connection;
    private final Instant now;

    public TouchStep(SqlConnection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /**
     * Sent in the order of the keys, so that two batches never wait for each other in a circle; those that moved a row
     * are answered in the order of the batch.
     */
    public List<Touch> touch(Collection<Touch> batch) throws SQLException {
        List<Touch> all = List.copyOf(batch);
        List<Placed> sorted = IntStream.range(0, all.size())
                .mapToObj(place -> new Placed(place, all.get(place)))
                .sorted(Comparator.comparing(Placed::key))
                .toList();
        try (SqlStatement update = connection.prepare(UPDATE)) {
            for (Placed one : sorted) {
                Instant lastSeen = one.touch.lastSeen();
                update.instant(lastSeen)
                        .instant(lastSeen)
                        .key(one.key())
                        .instant(lastSeen)
                        .instant(now)
                        .key(BirthMarker.ID)
                        .instant(now)
                        .key(BirthMarker.KEY)
                        .instant(now)
                        .addToBatch();
            }
            List<Boolean> moved = update.updateBatch();
            if (moved.contains(false)) {
                Horizon.require(connection, "touch", now);
            }
            return IntStream.range(0, sorted.size())
                    .filter(moved::get)
                    .mapToObj(sorted::get)
                    .sorted(Comparator.comparingInt(Placed::place))
                    .map(Placed::touch)
                    .toList();
        }
    }
}
