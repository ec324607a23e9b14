package dev.curfew.jdbc;

import dev.curfew.meter.DamagedRows;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.SessionCursor;
import dev.curfew.store.StoredSession;
import dev.curfew.store.UndecodableRevocationException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Sessions with what covers them, in one statement: the rows are joined by key, and the rule judges. */
final class FindQuery {
    private static final DamagedRows DAMAGED = new DamagedRows(FindQuery.class, System::nanoTime);
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
     * @param places of all that stand there, read or not, in the order of the statement
     * @param hasBirth whether the birth marker stood beside each
     * @param horizon of the store, which was read beside each
     * @param unreadable why one of them cannot be judged: a revocation that may cover it cannot be read
     */
    record Found(
            List<FoundSession> sessions,
            List<SessionCursor> places,
            boolean hasBirth,
            Instant horizon,
            @Nullable UndecodableRevocationException unreadable) {
        /** The same, if it may be judged at this instant. */
        Found behindHorizon(String operation, Instant now) {
            Horizon.require(operation, now, horizon);
            return this;
        }

        /** The same, for who asks for one session: a reader who cannot be told why it is over is told what is wrong. */
        Found readable() {
            if (unreadable != null) {
                throw unreadable;
            }
            return this;
        }

        int rows() {
            return places.size();
        }

        /** The last key in the order of the statement, or what was given if there is none. */
        LookupKey last(LookupKey otherwise) {
            return places.isEmpty() ? otherwise : places.get(places.size() - 1).key();
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
        Set<SessionCursor> places = new LinkedHashSet<>();
        for (Pair pair : pairs) {
            places.add(pair.place);
            StoredSession session = pair.session;
            if (session != null) {
                byKey.computeIfAbsent(pair.place.key(), key -> new Collected(session, new ArrayList<>()))
                        .candidates
                        .addAll(pair.candidate);
            }
        }
        List<FoundSession> sessions = new ArrayList<>();
        boolean hasBirth = true;
        Instant horizon = Instant.EPOCH;
        UndecodableRevocationException unreadable = null;
        for (Collected one : byKey.values()) {
            Candidates candidates = new Candidates(one.candidates);
            hasBirth &= candidates.hasBirth();
            horizon = ServerClock.later(horizon, candidates.horizon());
            try {
                sessions.add(new FoundSession(
                        one.session, candidates.covering(one.session.facts(), now, one.session.forgetAfter())));
            } catch (UndecodableRevocationException e) {
                // Not known to be live, so that it counts as covered; the others are not its concern.
                unreadable = e;
                DAMAGED.met(
                        one.session.key(),
                        "session " + one.session.key() + " counts as revoked and is left out: " + e.getMessage());
            }
        }
        return new Found(sessions, List.copyOf(places), hasBirth, horizon, unreadable);
    }

    private static Pair pair(ResultSet row) throws SQLException {
        boolean hasCandidate = row.getBytes(SessionRows.WIDTH + 1) != null;
        return new Pair(
                new SessionCursor(
                        Parameters.instantOf(row, 7), Parameters.instantOf(row, 8), Parameters.nameOf(row.getBytes(1))),
                SessionRows.readOrReport(row),
                hasCandidate ? List.of(RevocationRow.read(row, SessionRows.WIDTH)) : List.of());
    }

    /** A session and one row that may cover it. */
    record Pair(SessionCursor place, @Nullable StoredSession session, List<RevocationRow> candidate) {}

    private record Collected(StoredSession session, List<RevocationRow> candidates) {}
}
