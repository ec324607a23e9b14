package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionLimit.WhenReached;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The atomic step of a login. Confined to one thread. */
public final class InsertStep {
    private final StepContext context;

    public InsertStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.context = new StepContext(connection, settings, now);
    }

    public InsertResult insert(NewSession login) throws SQLException {
        SqlConnection connection = context.connection();
        Instant now = context.now();
        StoredSession session = login.row();
        SubjectLocks.lock(connection, session.subjectKey());
        CandidateRows candidates = CandidateRows.readOrCreateBirth(
                        connection, CandidateRows.keysOf(session.facts()), context.settings(), now)
                .behindHorizon("insert", now);
        FindQuery.Found present = FindQuery.one(connection, session.key(), now).behindHorizon("insert", now);
        boolean isStored = present.rows() > 0;
        boolean isRepeated = isRepeated(session, present.first());
        if (isStored && !isRepeated && !mayBeUsedAgain(session, present.first())) {
            return new InsertResult.AlreadyKnown();
        }
        List<Revocation> covering = candidates.covering(
                session.facts(), now, now.plus(context.settings().retention()));
        if (!covering.isEmpty()) {
            return new InsertResult.Covered(covering.get(0));
        }
        LoginEnds ends = LoginEnds.of(context, login);
        return isRepeated ? new InsertResult.Inserted(ends.endedAlready()) : write(login, ends, isStored);
    }

    private InsertResult write(NewSession login, LoginEnds ends, boolean isStored) throws SQLException {
        SessionLimit limit = login.limit();
        if (!limit.isUnlimited() && limit.whenReached() == WhenReached.REFUSE) {
            int live = ends.countLive();
            if (live >= limit.max()) {
                return new InsertResult.OverLimit(live);
            }
        }
        List<FoundSession> ended = new ArrayList<>(ends.endReplaced());
        if (!limit.isUnlimited() && limit.whenReached() == WhenReached.END_OLDEST) {
            ended.addAll(ends.endOldest());
        }
        // A purge or an erasure may have removed what stood there: neither of them waits for this subject's lock.
        if (!isStored || !SessionTable.replace(context.connection(), login.row())) {
            SessionTable.insert(context.connection(), login.row());
        }
        return new InsertResult.Inserted(ended);
    }

    /** Whether this login was recorded already, and its answer was lost. */
    private boolean isRepeated(StoredSession session, Optional<FoundSession> present) {
        return present.map(FoundSession::session)
                .filter(row -> !row.isExpired(context.now()) && row.isSameAs(session))
                .isPresent();
    }

    /** Only a foreign id is used again, and only after its session has ended; a row that cannot be read stays. */
    private boolean mayBeUsedAgain(StoredSession session, Optional<FoundSession> present) {
        return session.id().isEmpty()
                && present.filter(found -> found.session().id().isEmpty() && !found.isLive(context.now()))
                        .isPresent();
    }
}
