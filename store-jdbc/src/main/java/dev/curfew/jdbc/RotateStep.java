package dev.curfew.jdbc;

import dev.curfew.crypto.SecretHash;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** The atomic exchange of a session's secret. Confined to one thread. */
final class RotateStep {
    private final Call call;
    private final StoreSettings settings;
    private final Instant now;

    RotateStep(Call call, StoreSettings settings, Instant now) {
        this.call = call;
        this.settings = settings;
        this.now = now;
    }

    RotateResult rotate(LookupKey session, SecretHash expected, SecretHash next) throws SQLException {
        if (Subjects.lockOf(call, session).isEmpty()) {
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
        try (Parameters update =
                call.prepare("UPDATE curfew_session SET secret_hash = ? WHERE session_key = ? AND secret_hash = ?")) {
            if (update.bytes(next.toBytes())
                            .key(session)
                            .bytes(expected.toBytes())
                            .update()
                    == 0) {
                return RotateResult.NOT_LIVE;
            }
        }
        UUID name = UUID.randomUUID();
        LookupKey id = new LookupKey(name.getMostSignificantBits(), name.getLeastSignificantBits());
        RevocationRow.insertNotice(call, id, session, found.get().session().realmKey(), now);
        return RotateResult.ROTATED;
    }

    private Optional<FoundSession> find(LookupKey session) throws SQLException {
        FindQuery.Found found = FindQuery.one(call, session, now);
        if (!found.hasBirth()) {
            Births.create(call, settings, now);
            found = FindQuery.one(call, session, now);
        }
        return found.behindHorizon("rotate", now).first();
    }
}
