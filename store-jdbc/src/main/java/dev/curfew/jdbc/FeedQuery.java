package dev.curfew.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a read of the feed asks, in one round on one connection. Confined to one thread.
 *
 * <p>The order is the proof that nothing is missed: rows without a number come first and rows with one after them,
 * each as of when its own turn comes, or all as of the first. What was committed before the first statement either has
 * no number then, and is found by one of the first three, or has one, and is found by the one behind these. It locks
 * nothing and writes nothing.
 */
final class FeedQuery {
    private static final String SELECT = "SELECT " + FeedRow.COLUMNS + " FROM curfew_revocation r WHERE ";

    private static final String AGAIN = "SELECT " + Sighting.COLUMNS
            + " FROM curfew_revocation r WHERE r.position IS NULL AND r.is_open = 0 AND r.seq > ? AND r.seq <= ?"
            + " ORDER BY r.seq";

    private static final String FRESH =
            SELECT + "r.position IS NULL AND r.is_open = 0 AND r.seq > ? ORDER BY r.seq LIMIT ?";

    private static final String JOINED = SELECT + "r.position IS NULL AND r.is_open > 0 ORDER BY r.seq";

    private static final String NUMBERED = SELECT + "r.position >= ? ORDER BY r.position LIMIT ?";

    private static final String BIRTH = SELECT + "r.id = ?";

    /** So many parameters has a statement at most. */
    private static final int AT_ONCE = 1_000;

    private final Call call;
    private final Round round;

    FeedQuery(Call call) {
        this.call = call;
        this.round = new Round(call);
    }

    /** Rows without a number that were met already, as little of them as tells whether they are the same. */
    Round.Answer<Sighting> askAgain(long behind, long upTo) {
        return round.ask(AGAIN, select -> select.number(behind).number(upTo), Sighting::read);
    }

    /** Rows without a number. */
    Round.Answer<FeedRow> askFresh(long behind, long limit) {
        return round.ask(FRESH, select -> select.number(behind).number(limit), FeedRow::read);
    }

    /** Rows without a number that joined a transaction of the host: open ones, and those that were closed. */
    Round.Answer<FeedRow> askJoined() {
        return round.ask(JOINED, select -> {}, FeedRow::read);
    }

    /** The row with this number, and those behind it. */
    Round.Answer<FeedRow> askNumbered(long from, long limit) {
        return round.ask(NUMBERED, select -> select.number(from).number(limit), FeedRow::read);
    }

    /** The birth marker; the last of all, so that what it says of a purge holds for all that was read. */
    Round.Answer<FeedRow> askBirth() {
        return round.ask(BIRTH, select -> select.key(Births.ID), FeedRow::read);
    }

    void send() throws SQLException {
        round.send();
    }

    /** The last row without a number, to which a read goes that does not end in one page. */
    long lastUnnumbered() throws SQLException {
        return last("SELECT MAX(r.seq) FROM curfew_revocation r WHERE r.position IS NULL AND r.is_open = 0");
    }

    /** The last number. */
    long lastNumber() throws SQLException {
        return last("SELECT MAX(r.position) FROM curfew_revocation r WHERE r.position IS NOT NULL");
    }

    private long last(String sql) throws SQLException {
        try (Parameters select = call.prepare(sql)) {
            return select.first(row -> row.getLong(1)).orElse(0L);
        }
    }

    /** Rows without a number that any reader of the feed would number, the oldest. */
    List<Long> unnumbered(int limit) throws SQLException {
        try (Parameters select = call.prepare("SELECT r.seq FROM curfew_revocation r WHERE r.position IS NULL AND"
                + " r.is_open = 0 ORDER BY r.seq LIMIT ?")) {
            return select.number(limit).list(row -> row.getLong(1));
        }
    }

    /** All of some rows. */
    List<FeedRow> rows(List<Long> seqs) throws SQLException {
        List<FeedRow> rows = new ArrayList<>();
        for (int from = 0; from < seqs.size(); from += AT_ONCE) {
            List<Long> some = padded(seqs.subList(from, Math.min(seqs.size(), from + AT_ONCE)));
            try (Parameters select =
                    call.prepare(SELECT + "r.seq IN (" + Candidates.marks(some.size()) + ") ORDER BY r.seq")) {
                for (long seq : some) {
                    select.number(seq);
                }
                rows.addAll(select.list(FeedRow::read));
            }
        }
        return rows;
    }

    /** The same with its last one repeated, so that there are few texts of statements. */
    static List<Long> padded(List<Long> seqs) {
        int size = 1;
        while (size < seqs.size()) {
            size *= 10;
        }
        List<Long> padded = new ArrayList<>(seqs);
        while (padded.size() < size) {
            padded.add(seqs.get(seqs.size() - 1));
        }
        return padded;
    }
}
