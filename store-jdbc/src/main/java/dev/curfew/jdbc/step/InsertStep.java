package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionLimit.WhenReached;
import dev.curfew.store.FoundSession;
import dev.curfew.store.InsertResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The atomic step of a login. Confined to one thread. */
public final class InsertStep {
    private static final String LIVE = " FROM curfew_session s WHERE s.subject_key = ? AND " + LiveSessions.CONDITION;

    private static final String ENDED_ALREADY = "SELECT " + SessionTable.COLUMNS
            + " FROM curfew_session s WHERE s.subject_key = ? AND EXISTS (SELECT 1 FROM curfew_revocation r"
            + " WHERE r.target_key = s.session_key AND r.reason = ? AND r.revoked_at = ?)";

    private final SqlConnection connection;
    private final StoreSettings settings;
    private final Instant now;

    public InsertStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.now = now;
    }

    public InsertResult insert(StoredSession session, SessionLimit limit) throws SQLException {
        SubjectLocks.lock(connection, session.subjectKey());
        CandidateRows candidates = CandidateRows.readOrCreateBirth(
                        connection, CandidateRows.keysOf(session.facts()), settings, now)
                .behindHorizon("insert", now);
        FindQuery.Found present = FindQuery.one(connection, session.key(), now).behindHorizon("insert", now);
        boolean isStored = present.rows() > 0;
        boolean isRepeated = isRepeated(session, present.first());
        if (isStored && !isRepeated && !mayBeReplaced(session, present.first())) {
            return new InsertResult.AlreadyKnown();
        }
        List<Revocation> covering = candidates.covering(session.facts(), now, now.plus(settings.retention()));
        if (!covering.isEmpty()) {
            return new InsertResult.Covered(covering.get(0));
        }
        return isRepeated ? new InsertResult.Inserted(endedAlready(session)) : write(session, limit, isStored);
    }

    private InsertResult write(StoredSession session, SessionLimit limit, boolean isStored) throws SQLException {
        if (!limit.isUnlimited() && limit.whenReached() == WhenReached.REFUSE) {
            int live = countLive(session);
            if (live >= limit.max()) {
                return new InsertResult.OverLimit(live);
            }
        }
        List<FoundSession> ended = !limit.isUnlimited() && limit.whenReached() == WhenReached.END_OLDEST
                ? endOldest(session, limit.max() - 1)
                : List.of();
        if (isStored) {
            SessionTable.replace(connection, session);
        } else {
            SessionTable.insert(connection, session);
        }
        return new InsertResult.Inserted(ended);
    }

    /** Whether this login was recorded already, and its answer was lost. */
    private boolean isRepeated(StoredSession session, Optional<FoundSession> present) {
        return present.map(FoundSession::session)
                .filter(row -> !row.isExpired(now) && row.isSameAs(session))
                .isPresent();
    }

    /** Only a foreign id is used again, and only after its session has ended; a row that cannot be read stays. */
    private boolean mayBeReplaced(StoredSession session, Optional<FoundSession> present) {
        return session.id().isEmpty()
                && present.filter(found -> found.session().id().isEmpty() && !found.isLive(now))
                        .isPresent();
    }

    /** What the first try of this login ended, whose answer was lost. */
    private List<FoundSession> endedAlready(StoredSession session) throws SQLException {
        try (SqlStatement select = connection.prepare(ENDED_ALREADY)) {
            return select
                    .key(session.subjectKey())
                    .number(RevocationReason.LIMIT_EXCEEDED.code())
                    .instant(now)
                    .list(row -> Optional.ofNullable(SessionTable.readOrReport(row)))
                    .stream()
                    .flatMap(Optional::stream)
                    .map(row -> new FoundSession(row, List.of(RevocationRequest.overLimit(row, now, settings))))
                    .toList();
        }
    }

    private int countLive(StoredSession newcomer) throws SQLException {
        try (SqlStatement select = connection.prepare("SELECT COUNT(*), " + Horizon.COLUMN + LIVE)) {
            select.key(BirthMarker.ID).key(newcomer.subjectKey());
            return LiveSessions.bind(select, newcomer.subjectKey(), newcomer.realmKey(), now)
                    .first(row -> {
                        Horizon.require("insert", now, row, 2);
                        return row.getInt(1);
                    })
                    .orElse(0);
        }
    }

    /** Ends the live sessions that began first and leave no place for another one. */
    private List<FoundSession> endOldest(StoredSession newcomer, int places) throws SQLException {
        List<Optional<StoredSession>> surplus;
        try (SqlStatement select = connection.prepare("SELECT " + SessionTable.COLUMNS + ", " + Horizon.COLUMN + LIVE
                + SessionTable.ORDER + " LIMIT ? OFFSET ?")) {
            select.key(BirthMarker.ID).key(newcomer.subjectKey());
            surplus = LiveSessions.bind(select, newcomer.subjectKey(), newcomer.realmKey(), now)
                    .number(Integer.MAX_VALUE)
                    .number(places)
                    .list(row -> {
                        Horizon.require("insert", now, row, SessionTable.WIDTH + 1);
                        return Optional.ofNullable(SessionTable.readOrReport(row));
                    });
        }
        List<FoundSession> ended = new ArrayList<>();
        for (StoredSession row : surplus.stream().flatMap(Optional::stream).toList()) {
            Revocation entry = RevocationRequest.overLimit(row, now, settings);
            RevocationTable.insert(
                    connection, RevocationTable.contentId(entry), entry, row.subjectKey(), 1, RevocationRow.PLAIN);
            ended.add(new FoundSession(row, List.of(entry)));
        }
        return ended;
    }
}
