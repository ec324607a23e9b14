package dev.curfew.examples.sqlite;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Optional;

/** Exchanges what stands in the row of a live session. Confined to one transaction. */
final class RotateStep {
    private final SessionTable sessions;
    private final Instant now;

    RotateStep(SessionTable sessions, Instant now) {
        this.sessions = sessions;
        this.now = now;
    }

    RotateResult run(LookupKey session, Rotation rotation) {
        Transaction transaction = sessions.transaction();
        Optional<FoundSession> found = sessions.find(session).map(row -> FoundSessions.one(transaction, row, now));
        if (found.filter(one -> one.isLive(now)).isEmpty()) {
            return new RotateResult.NotLive(found);
        }
        StoredSession row = found.get().session();
        if (rotation.isDone(row)) {
            return new RotateResult.Rotated();
        }
        if (!rotation.expects(row)) {
            return new RotateResult.Mismatch(row);
        }
        sessions.put(rotation.applyTo(row));
        if (rotation.leavesNotice()) {
            new FeedTable(transaction).addNotice(session, now);
        }
        return new RotateResult.Rotated();
    }
}
