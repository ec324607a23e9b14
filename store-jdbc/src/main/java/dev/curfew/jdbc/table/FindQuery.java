package dev.curfew.jdbc.table;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.ServerClock;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds sessions with what covers them, in one statement: rows are joined by key, and the rule judges them. Where no
 * session stands, the birth marker comes alone, and with it the horizon.
 */
public final class FindQuery {
    private static final DamagedRows DAMAGED = new DamagedRows(FindQuery.class, System::nanoTime);
    private static final String COLUMNS = SessionTable.COLUMNS + ", " + RevocationTable.COLUMNS;

    private static final String JOIN = KindNumbers.in("""
             LEFT JOIN curfew_revocation r
                ON r.target_key IN (s.session_key, s.subject_key, s.client_key, s.realm_key, ?)
                AND r.kind <> {NOTICE}""");

    private static final String ONE =
            "SELECT " + COLUMNS + " FROM (SELECT 1 AS one) o LEFT JOIN curfew_session s ON s.session_key = ? " + JOIN;

    /** In place of the session beside which the birth marker stands if there is none. */
    private static final SessionCursor NOBODY = new SessionCursor(Instant.EPOCH, Instant.EPOCH, BirthMarker.ID);

    private FindQuery() {}

    /**
     * What one of these statements found.
     *
     * @param sessions those that can be read
     * @param places of all that stand there, read or not, in the order of the statement
     * @param hasBirth whether the birth marker stood beside each, or alone if nothing else stands there
     * @param horizon of the store, which was read beside each
     * @param unreadable why one of them cannot be judged: a revocation that may cover it cannot be read
     */
    public record Found(
            List<FoundSession> sessions,
            List<SessionCursor> places,
            boolean hasBirth,
            Instant horizon,
            @Nullable UndecodableRevocationException unreadable) {
        /** The same, if the birth marker stood beside each. */
        public Optional<Found> besideBirth() {
            return hasBirth ? Optional.of(this) : Optional.empty();
        }

        /** The same, if it may be judged at this instant. */
        public Found behindHorizon(String operation, Instant now) {
            Horizon.require(operation, now, horizon);
            return this;
        }

        /**
         * The same, for a caller who asks for one session.
         *
         * @throws UndecodableRevocationException if it may be over, and the reason cannot be read
         */
        public Found readable() {
            if (unreadable != null) {
                throw unreadable;
            }
            return this;
        }

        public int rows() {
            return places.size();
        }

        /** The last key in the order of the statement, or what was given if there is none. */
        public LookupKey last(LookupKey otherwise) {
            return places.isEmpty() ? otherwise : places.get(places.size() - 1).key();
        }

        public Optional<FoundSession> first() {
            return sessions.stream().findFirst();
        }
    }

    public static Found one(SqlConnection connection, LookupKey session, Instant now) throws SQLException {
        try (SqlStatement select = connection.prepare(ONE)) {
            return collect(select.key(session).key(BirthMarker.KEY), now);
        }
    }

    public static QueryBatch.Answer<Pair> askForOne(QueryBatch batch, LookupKey session) {
        return batch.ask(ONE, select -> select.key(session).key(BirthMarker.KEY), FindQuery::pair);
    }

    /** The statement for the sessions that another one selects as {@code s}. */
    public static String ofSelected(String inner, String order) {
        return "SELECT " + COLUMNS + " FROM (SELECT 1 AS one) o LEFT JOIN (" + inner + ") s ON 1 = 1 " + JOIN + order;
    }

    public static Found collect(SqlStatement select, Instant now) throws SQLException {
        return collect(select.list(FindQuery::pair), now);
    }

    /** The sessions of some rows, each with all that may cover it, as the rule judges them. */
    public static Found collect(List<Pair> pairs, Instant now) {
        Map<SessionCursor, Collected> byPlace = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            byPlace.computeIfAbsent(pair.place, place -> new Collected(pair.session, new ArrayList<>()))
                    .candidates
                    .addAll(pair.candidate);
        }
        List<FoundSession> sessions = new ArrayList<>();
        boolean hasBirth = true;
        Instant horizon = Instant.EPOCH;
        UndecodableRevocationException unreadable = null;
        for (Collected one : byPlace.values()) {
            CandidateRows candidates = new CandidateRows(one.candidates);
            hasBirth &= candidates.hasBirth();
            horizon = ServerClock.later(horizon, candidates.horizon());
            try {
                one.judged(candidates, now).ifPresent(sessions::add);
            } catch (UndecodableRevocationException e) {
                unreadable = e;
                one.report(e);
            }
        }
        byPlace.remove(NOBODY);
        return new Found(sessions, List.copyOf(byPlace.keySet()), hasBirth, horizon, unreadable);
    }

    static Pair pair(ResultSet row) throws SQLException {
        boolean hasCandidate = row.getBytes(SessionTable.WIDTH + 1) != null;
        List<RevocationRow> candidate =
                hasCandidate ? List.of(RevocationTable.read(row, SessionTable.WIDTH)) : List.of();
        byte[] key = row.getBytes(1);
        return key == null
                ? new Pair(NOBODY, null, candidate)
                : new Pair(
                        new SessionCursor(Columns.instantOf(row, 7), Columns.instantOf(row, 8), Columns.nameOf(key)),
                        SessionTable.readOrReport(row),
                        candidate);
    }

    /** A session, or {@link #NOBODY} where none stands, and one row that may cover it. */
    record Pair(SessionCursor place, @Nullable StoredSession session, List<RevocationRow> candidate) {}

    private record Collected(@Nullable StoredSession session, List<RevocationRow> candidates) {
        Optional<FoundSession> judged(CandidateRows rows, Instant now) {
            return session == null
                    ? Optional.empty()
                    : Optional.of(
                            new FoundSession(session, rows.covering(session.facts(), now, session.forgetAfter())));
        }

        /** Not known to be live, so that it counts as covered; the others are not its concern. */
        void report(UndecodableRevocationException failure) {
            LookupKey key = Objects.requireNonNull(session).key();
            DAMAGED.met(key, "session " + key + " counts as revoked and is left out: " + failure.getMessage());
        }
    }
}
