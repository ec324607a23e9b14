package dev.curfew.jdbc.step;

import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The atomic exchange of a session's secret. Confined to one thread. */
public final class RotateStep {
    private static final String EXCHANGE =
            "UPDATE curfew_session SET secret_hash = ? WHERE session_key = ? AND secret_hash = ?";

    private final SqlConnection connection;
    private final StoreSettings settings;
    private final Instant now;

    public RotateStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.now = now;
    }

    public RotateResult rotate(LookupKey session, SecretHash expected, SecretHash next) throws SQLException {
        if (SubjectLocks.lockOf(connection, session).isEmpty()) {
            return RotateResult.NOT_LIVE;
        }
        Optional<FoundSession> found = find(session);
        if (found.filter(one -> one.isLive(now)).isEmpty()) {
            return RotateResult.NOT_LIVE;
        }
        Optional<SecretHash> stands = found.get().session().secretHash();
        if (stands.equals(Optional.of(next))) {
            return RotateResult.ROTATED;
        }
        if (!stands.equals(Optional.of(expected))) {
            return RotateResult.SECRET_MISMATCH;
        }
        if (!exchange(session, expected, next)) {
            return RotateResult.NOT_LIVE;
        }
        UUID name = UUID.randomUUID();
        LookupKey id = new LookupKey(name.getMostSignificantBits(), name.getLeastSignificantBits());
        RevocationTable.insertNotice(
                connection, id, session, found.get().session().realmKey(), now);
        return RotateResult.ROTATED;
    }

    private boolean exchange(LookupKey session, SecretHash expected, SecretHash next) throws SQLException {
        try (SqlStatement update = connection.prepare(EXCHANGE)) {
            return update.bytes(next.toBytes())
                            .key(session)
                            .bytes(expected.toBytes())
                            .update()
                    != 0;
        }
    }

    private Optional<FoundSession> find(LookupKey session) throws SQLException {
        return BirthMarker.require(
                        connection,
                        settings,
                        now,
                        own -> FindQuery.one(own, session, now).besideBirth())
                .behindHorizon("rotate", now)
                .first();
    }
}
