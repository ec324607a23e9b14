package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.Batches;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The queries of one read of the feed, sent as one batch. Confined to one thread.
 *
 * <p>Their order is the proof that nothing is missed: rows without a number are read first and rows with a number after
 * them, each as of its own execution, or all as of the first. A row that was committed before the first query either
 * has no number then, and one of the first three queries finds it, or has one, and the query behind these finds it.
 * Nothing is locked or written.
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

    /** The most parameters of one statement. */
    private static final int AT_ONCE = 1_000;

    private final SqlConnection connection;
    private final QueryBatch batch;

    public FeedQuery(SqlConnection connection) {
        this.connection = connection;
        this.batch = new QueryBatch(connection);
    }

    /** Rows without a number that were met already, with just enough to tell whether they are the same. */
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

    /** The birth marker. It comes last, so that its horizon holds for everything that was read. */
    QueryBatch.Answer<FeedRow> askBirth() {
        return batch.ask(BIRTH, select -> select.key(BirthMarker.ID), FeedRow::read);
    }

    public void send() throws SQLException {
        batch.send();
    }

    /** The last row without a number, which bounds a read of several pages. */
    long lastUnnumbered() throws SQLException {
        return last("SELECT MAX(r.seq) FROM curfew_revocation r WHERE r.position IS NULL AND r.is_open = 0");
    }

    /** The last number. */
    long lastNumber() throws SQLException {
        return last("SELECT MAX(r.position) FROM curfew_revocation r WHERE r.position IS NOT NULL");
    }

    private long last(String sql) throws SQLException {
        try (SqlStatement select = connection.prepare(sql)) {
            return select.firstNumber().orElse(0L);
        }
    }

    /** The oldest rows without a number, except those that joined a transaction of the host. */
    public List<Long> unnumbered(int limit) throws SQLException {
        try (SqlStatement select =
                connection.prepare("SELECT r.seq FROM curfew_revocation r WHERE r.position IS NULL AND"
                        + " r.is_open = 0 ORDER BY r.seq LIMIT ?")) {
            return select.number(limit).listNumbers();
        }
    }

    /** The whole rows with these numbers of insertion. */
    List<FeedRow> rows(List<Long> seqs) throws SQLException {
        List<FeedRow> rows = new ArrayList<>();
        for (List<Long> part : Batches.of(seqs, AT_ONCE)) {
            List<Long> some = padded(part);
            try (SqlStatement select =
                    connection.prepare(SELECT + "r.seq IN (" + SqlStatement.marks(some.size()) + ") ORDER BY r.seq")) {
                rows.addAll(select.numbers(some).list(FeedRow::read));
            }
        }
        return rows;
    }

    /** The same list with its last element repeated, so that there are few different statements. */
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
