package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.StoredPayload;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Walks the payloads of all sessions in the order of their keys, and exchanges them. */
public final class Payloads {
    private static final String FIRST =
            "SELECT s.session_key, s.bucket, s.payload FROM curfew_session s ORDER BY s.session_key LIMIT ?";
    private static final String BEHIND = "SELECT s.session_key, s.bucket, s.payload FROM curfew_session s"
            + " WHERE s.session_key > ? ORDER BY s.session_key LIMIT ?";

    /**
     * A payload that is another one now, or a row that is gone, is no match: nothing newer is overwritten, nothing
     * revived. The next payload is one, because the answer to a first try may have been lost.
     */
    private static final String EXCHANGE =
            "UPDATE curfew_session SET payload = ? WHERE session_key = ? AND payload IN (?, ?)";

    private Payloads() {}

    /** One statement. */
    public static PayloadPage page(SqlConnection connection, PayloadCursor from, int limit) throws SQLException {
        LookupKey after = from.key().orElse(null);
        List<StoredPayload> page;
        try (SqlStatement select = connection.prepare(after == null ? FIRST : BEHIND)) {
            if (after != null) {
                select.key(after);
            }
            page = select.number(PayloadRewriting.requireLimit(limit)).list(Payloads::read);
        }
        return page.size() < limit
                ? PayloadPage.last(page)
                : PayloadPage.of(page, PayloadCursor.after(page.get(limit - 1).session()));
    }

    /** In the order of the keys, so that two batches never wait for each other in a circle. */
    public static int replace(SqlConnection connection, Collection<PayloadChange> batch) throws SQLException {
        List<PayloadChange> sorted = batch.stream()
                .sorted(Comparator.comparing(change -> change.expected().session()))
                .toList();
        try (SqlStatement update = connection.prepare(EXCHANGE)) {
            for (PayloadChange change : sorted) {
                update.bytes(change.next())
                        .key(change.expected().session())
                        .bytes(change.expected().payload())
                        .bytes(change.next())
                        .addToBatch();
            }
            return update.updateBatch();
        }
    }

    private static StoredPayload read(ResultSet row) throws SQLException {
        return new StoredPayload(Columns.key(row, 1), row.getInt(2), row.getBytes(3));
    }
}
