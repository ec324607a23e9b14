package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.BirthMarker;
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
public final class FeedQuery {
    private static final String SELECT = "SELECT " + FeedRow.COLUMNS + " FROM curfew_revocation r WHERE ";

    private static final String AGAIN = "SELECT " + RowVersion.COLUMNS
            + " FROM curfew_revocation r WHERE r.position IS NULL AND r.is_open = 0 AND r.seq > ? AND r.seq <= ?"
            + " ORDER BY r.seq";

    private static final String FRESH =
            SELECT + "r.position IS NULL AND r.is_open = 0 AND r.seq > ? ORDER BY r.seq LIMIT ?";

    private static final String JOINED = SELECT + "r.position IS NULL AND r.is_open > 0 ORDER BY r.seq";

    private static final String NUMBERED = SELECT + "r.position >= ? ORDER BY r.position LIMIT ?";

    private static final String BIRTH = SELECT + "r.id = ?";

    /** So many parameters has a statement at most. */
    private static final int AT_ONCE = 1_000;

    private final SqlConnection connection;
    private final QueryBatch batch;

    public FeedQuery(SqlConnection connection) {
        this.connection = connection;
        this.batch = new QueryBatch(connection);
    }

    /** Rows without a number that were met already, as little of them as tells whether they are the same. */
    QueryBatch.Answer<RowVersion> askAgain(long behind, long upTo) {
        return batch.ask(AGAIN, select -> select.number(behind).number(upTo), RowVersion::read);
    }

    /** Rows without a number. */
    QueryBatch.Answer<FeedRow> askFresh(long behind, long limit) {
        return batch.ask(FRESH, select -> select.number(behind).number(limit), FeedRow::read);
    }

    /** Rows without a number that joined a transaction of the host: open ones, and those that were closed. */
    public QueryBatch.Answer<FeedRow> askJoined() {
        return batch.ask(JOINED, select -> {}, FeedRow::read);
    }

    /** The row with this number, and those behind it. */
    QueryBatch.Answer<FeedRow> askNumbered(long from, long limit) {
        return batch.ask(NUMBERED, select -> select.number(from).number(limit), FeedRow::read);
    }

    /** The birth marker; the last of all, so that what it says of a purge holds for all that was read. */
    QueryBatch.Answer<FeedRow> askBirth() {
        return batch.ask(BIRTH, select -> select.key(BirthMarker.ID), FeedRow::read);
    }

    public void send() throws SQLException {
        batch.send();
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
        try (Parameters select = connection.prepare(sql)) {
            return select.first(row -> row.getLong(1)).orElse(0L);
        }
    }

    /** Rows without a number that any reader of the feed would number, the oldest. */
    public List<Long> unnumbered(int limit) throws SQLException {
        try (Parameters select = connection.prepare("SELECT r.seq FROM curfew_revocation r WHERE r.position IS NULL AND"
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
                    connection.prepare(SELECT + "r.seq IN (" + Parameters.marks(some.size()) + ") ORDER BY r.seq")) {
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
