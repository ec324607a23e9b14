package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Optional;

/** The atomic exchange of what stands in a row. Guarded by the store's lock. */
final class RotateStep {
    private final Tables tables;
    private final Instant now;

    RotateStep(Tables tables, Instant now) {
        this.tables = tables;
        this.now = now;
    }

    RotateResult rotate(LookupKey session, Rotation rotation) {
        StoredSession row = tables.sessions.get(session);
        if (row == null || !tables.isLive(row, now)) {
            return new RotateResult.NotLive(Optional.ofNullable(row).map(over -> tables.found(over, now)));
        }
        if (rotation.isDone(row)) {
            return new RotateResult.Rotated();
        }
        if (!rotation.expects(row)) {
            return new RotateResult.Mismatch(row);
        }
        tables.sessions.put(rotation.applyTo(row));
        if (rotation.leavesNotice()) {
            tables.revocations.appendRotation(row.key(), now);
        }
        return new RotateResult.Rotated();
    }
}
