package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.KindNumbers;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Touch;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Signs of life: one conditional update for each session, sent together. Confined to one thread. */
public final class TouchStep {
    /**
     * The condition is the twin of the rule for one row of any subject; without the birth marker, or before the
     * horizon, nothing is live.
     */
    private static final String UPDATE = KindNumbers.in("""
            UPDATE curfew_session s SET last_seen_at = ?, ends_at = LEAST(s.expires_at, ? + s.idle_millis)
            WHERE s.session_key = ? AND s.last_seen_at < ? AND s.ends_at > ?
            AND EXISTS (SELECT 1 FROM curfew_revocation b WHERE b.id = ? AND COALESCE(b.horizon, 0) <= ?)
            AND NOT EXISTS (SELECT 1 FROM curfew_revocation r
                WHERE r.target_key IN (s.session_key, s.subject_key, s.client_key, s.realm_key, ?)
                AND r.forget_after > ? AND r.kind <> {NOTICE}
                AND (r.kind NOT IN ({BY_INSTANT}) OR (s.authenticated_at <= r.issued_before
                    AND (r.exempt_key IS NULL OR r.exempt_key <> s.session_key))))""");

    private record Keyed(LookupKey key, Instant lastSeen) {}

    private final SqlConnection connection;
    private final Instant now;

    public TouchStep(SqlConnection connection, Instant now) {
        this.connection = connection;
        this.now = now;
    }

    /** In the order of the keys, so that two batches never wait for each other in a circle. */
    public int touch(Collection<Touch> batch) throws SQLException {
        List<Keyed> sorted = batch.stream()
                .map(touch -> new Keyed(touch.session().key(), touch.lastSeen()))
                .sorted(Comparator.comparing(Keyed::key))
                .toList();
        try (SqlStatement update = connection.prepare(UPDATE)) {
            for (Keyed one : sorted) {
                update.instant(one.lastSeen)
                        .instant(one.lastSeen)
                        .key(one.key)
                        .instant(one.lastSeen)
                        .instant(now)
                        .key(BirthMarker.ID)
                        .instant(now)
                        .key(BirthMarker.KEY)
                        .instant(now)
                        .addToBatch();
            }
            int moved = update.updateBatch();
            if (moved < sorted.size()) {
                Horizon.require(connection, "touch", now);
            }
            return moved;
        }
    }
}
