package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.StoredSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sessions with what covers them, in one statement: the rows are joined by key, and the rule judges. */
final class FindQuery {
    private static final String COLUMNS = SessionRows.COLUMNS + ", " + RevocationRow.COLUMNS;

    private static final String JOIN = """
             LEFT JOIN curfew_revocation r
                ON r.target_key IN (s.session_key, s.subject_key, s.client_key, s.realm_key, ?)
                AND r.kind <> 0""";

    private static final String ONE =
            "SELECT " + COLUMNS + " FROM curfew_session s " + JOIN + " WHERE s.session_key = ?";

    private FindQuery() {}

    /**
     * What one of these statements found.
     *
     * @param sessions those that can be read
     * @param rows how many stand there, read or not
     * @param hasBirth whether the birth marker stood beside each
     * @param last the key of the last one, if there is any
     * @param horizon of the store, which was read beside each
     */
    record Found(
            List<FoundSession> sessions,
            int rows,
            boolean hasBirth,
            @Nullable LookupKey last,
            Instant horizon) {
        /** The same, if it may be judged at this instant. */
        Found behindHorizon(String operation, Instant now) {
            Horizon.require(operation, now, horizon);
            return this;
        }

        /** The last key in the order of the statement, or what was given if there is none. */
        LookupKey last(LookupKey otherwise) {
            return last == null ? otherwise : last;
        }

        Optional<FoundSession> first() {
            return sessions.stream().findFirst();
        }
    }

    static Found one(Call call, LookupKey session, Instant now) throws SQLException {
        try (Parameters select = call.prepare(ONE)) {
            return collect(select.key(Births.KEY).key(session), now);
        }
    }

    static Round.Answer<Pair> askForOne(Round round, LookupKey session) {
        return round.ask(ONE, select -> select.key(Births.KEY).key(session), FindQuery::pair);
    }

    /** The statement for those that another one selects as {@code s}, in that one's order. */
    static String ofSelected(String inner, String order) {
        return "SELECT " + COLUMNS + " FROM (" + inner + ") s " + JOIN + order;
    }

    static Found collect(Parameters select, Instant now) throws SQLException {
        return collect(select.list(FindQuery::pair), now);
    }

    static Found collect(List<Pair> pairs, Instant now) {
        Map<LookupKey, Collected> byKey = new LinkedHashMap<>();
        Set<LookupKey> keys = new HashSet<>();
        LookupKey last = null;
        for (Pair pair : pairs) {
            keys.add(pair.key);
            last = pair.key;
            StoredSession session = pair.session;
            if (session != null) {
                byKey.computeIfAbsent(pair.key, key -> new Collected(session, new ArrayList<>()))
                        .candidates
                        .addAll(pair.candidate);
            }
        }
        List<FoundSession> sessions = new ArrayList<>();
        boolean hasBirth = true;
        Instant horizon = Instant.EPOCH;
        for (Collected one : byKey.values()) {
            Candidates candidates = new Candidates(one.candidates);
            hasBirth &= candidates.hasBirth();
            horizon = ServerClock.later(horizon, candidates.horizon());
            sessions.add(new FoundSession(
                    one.session, candidates.covering(one.session.facts(), now, one.session.forgetAfter())));
        }
        return new Found(sessions, keys.size(), hasBirth, last, horizon);
    }

    private static Pair pair(ResultSet row) throws SQLException {
        boolean hasCandidate = row.getBytes(SessionRows.WIDTH + 1) != null;
        return new Pair(
                Parameters.nameOf(row.getBytes(1)),
                SessionRows.readOrReport(row),
                hasCandidate ? List.of(RevocationRow.read(row, SessionRows.WIDTH)) : List.of());
    }

    /** A session and one row that may cover it. */
    record Pair(LookupKey key, @Nullable StoredSession session, List<RevocationRow> candidate) {}

    private record Collected(StoredSession session, List<RevocationRow> candidates) {}
}
