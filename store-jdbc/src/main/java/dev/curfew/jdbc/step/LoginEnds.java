package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CutOffs;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.Horizon;
import dev.curfew.jdbc.table.LiveSessions;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.NewSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sessions that end because another one begins, behind the lock of their subject. Confined to one thread. */
final class LoginEnds {
    private static final String LIVE =
            " FROM curfew_session s WHERE s.subject_key = ? AND s.session_key <> ? AND " + LiveSessions.CONDITION;

    private static final String ENDED_ALREADY = "SELECT " + SessionTable.COLUMNS
            + " FROM curfew_session s WHERE s.subject_key = ? AND EXISTS (SELECT 1 FROM curfew_revocation r"
            + " WHERE r.target_key = s.session_key AND r.reason = ? AND r.revoked_at = ?)";

    private final StepContext context;
    private final NewSession login;
    private final @Nullable FoundSession named;

    private LoginEnds(StepContext context, NewSession login, @Nullable FoundSession named) {
        this.context = context;
        this.login = login;
        this.named = named;
    }

    /** Reads the session that the login names to take its place, if it names one; another subject's is left alone. */
    static LoginEnds of(StepContext context, NewSession login) throws SQLException {
        Optional<LookupKey> key = login.replaces().map(SessionRef::key);
        return new LoginEnds(context, login, key.isEmpty() ? null : find(context, login, key.get()));
    }

    private static @Nullable FoundSession find(StepContext context, NewSession login, LookupKey key)
            throws SQLException {
        return FindQuery.one(context.connection(), key, context.now())
                .behindHorizon("insert", context.now())
                .first()
                .filter(found -> found.session().subjectKey().equals(login.row().subjectKey()))
                .orElse(null);
    }

    /** How many live sessions the subject has, without the one that is replaced. */
    int countLive() throws SQLException {
        try (SqlStatement select = context.connection().prepare("SELECT COUNT(*), " + Horizon.COLUMN + LIVE)) {
            return bindLive(select)
                    .first(row -> {
                        Horizon.require("insert", context.now(), row, 2);
                        return row.getInt(1);
                    })
                    .orElse(0);
        }
    }

    /** Ends the one that is replaced, if it is live. */
    List<FoundSession> endReplaced() throws SQLException {
        StoredSession old = replaced();
        return old == null
                ? List.of()
                : List.of(end(old, RevocationRequest.replaced(old, context.now(), context.settings())));
    }

    /** Ends the live sessions that began first and leave no place for another one. */
    List<FoundSession> endOldest() throws SQLException {
        List<Optional<StoredSession>> surplus;
        try (SqlStatement select = context.connection()
                .prepare("SELECT " + SessionTable.COLUMNS + ", " + Horizon.COLUMN + LIVE + SessionTable.ORDER
                        + " LIMIT ? OFFSET ?")) {
            surplus = bindLive(select)
                    .number(Integer.MAX_VALUE)
                    .number(login.limit().max() - 1)
                    .list(row -> {
                        Horizon.require("insert", context.now(), row, SessionTable.WIDTH + 1);
                        return Optional.ofNullable(SessionTable.readOrReport(row));
                    });
        }
        List<FoundSession> ended = new ArrayList<>();
        for (StoredSession row : surplus.stream().flatMap(Optional::stream).toList()) {
            ended.add(end(row, RevocationRequest.overLimit(row, context.now(), context.settings())));
        }
        return ended;
    }

    /** What the first try of this login ended, whose answer was lost. */
    List<FoundSession> endedAlready() throws SQLException {
        List<FoundSession> ended = new ArrayList<>();
        if (named != null) {
            Revocation entry = RevocationRequest.replaced(named.session(), context.now(), context.settings());
            if (named.coveredBy().contains(entry)) {
                ended.add(new FoundSession(named.session(), List.of(entry)));
            }
        }
        try (SqlStatement select = context.connection().prepare(ENDED_ALREADY)) {
            select
                    .key(login.row().subjectKey())
                    .number(RevocationReason.LIMIT_EXCEEDED.code())
                    .instant(context.now())
                    .list(row -> Optional.ofNullable(SessionTable.readOrReport(row)))
                    .stream()
                    .flatMap(Optional::stream)
                    .map(row -> new FoundSession(
                            row, List.of(RevocationRequest.overLimit(row, context.now(), context.settings()))))
                    .forEach(ended::add);
        }
        return ended;
    }

    private @Nullable StoredSession replaced() {
        return named != null && named.isLive(context.now()) ? named.session() : null;
    }

    private SqlStatement bindLive(SqlStatement select) throws SQLException {
        StoredSession newcomer = login.row();
        StoredSession old = replaced();
        select.key(BirthMarker.ID).key(newcomer.subjectKey()).key(old == null ? CutOffs.NOBODY : old.key());
        return LiveSessions.bind(select, newcomer.subjectKey(), newcomer.realmKey(), context.now());
    }

    private FoundSession end(StoredSession row, Revocation entry) throws SQLException {
        RevocationTable.insert(
                context.connection(),
                RevocationTable.contentId(entry),
                entry,
                row.subjectKey(),
                1,
                RevocationRow.PLAIN);
        return new FoundSession(row, List.of(entry));
    }
}
