package dev.curfew.jdbc.step;

import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.KeyPlace;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.meter.DamagedRows;
import dev.curfew.session.LookupKey;
import dev.curfew.store.PayloadChange;
import dev.curfew.store.PayloadCursor;
import dev.curfew.store.PayloadPage;
import dev.curfew.store.PayloadRewriting;
import dev.curfew.store.StoredPayload;
import dev.curfew.store.StoredSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Walks the payloads and credentials of all sessions in the order of their keys, and exchanges them. */
public final class Payloads {
    private static final DamagedRows DAMAGED = new DamagedRows(Payloads.class, System::nanoTime);
    private static final String COLUMNS =
            "SELECT s.session_key, s.bucket, s.payload, s.secret_hash, s.credential FROM curfew_session s";
    private static final String FIRST = COLUMNS + " ORDER BY s.session_key LIMIT ?";
    private static final String BEHIND = COLUMNS + " WHERE s.session_key > ? ORDER BY s.session_key LIMIT ?";

    /**
     * What is another one now, or a row that is gone, is no match: nothing newer is overwritten, nothing revived. The
     * next pair is one, because the answer to a first try may have been lost. No credential is null, and no bytes here.
     */
    private static final String EXCHANGE = "UPDATE curfew_session SET payload = ?, credential = ?"
            + " WHERE session_key = ? AND (payload = ? AND COALESCE(credential, ?) = ?"
            + " OR payload = ? AND COALESCE(credential, ?) = ?)";

    private static final byte[] NONE = {};

    private Payloads() {}

    /** A row, and what is in it if that can be read. */
    private record Met(LookupKey place, @Nullable StoredPayload payload) {}

    /** One statement. */
    public static PayloadPage page(SqlConnection connection, PayloadCursor from, int limit) throws SQLException {
        LookupKey after = from.key().orElse(null);
        List<Met> rows;
        try (SqlStatement select = connection.prepare(after == null ? FIRST : BEHIND)) {
            if (after != null) {
                select.key(after);
            }
            rows = select.number(PayloadRewriting.requireLimit(limit)).list(Payloads::readOrReport);
        }
        List<StoredPayload> page =
                rows.stream().map(Met::payload).filter(Objects::nonNull).toList();
        LookupKey last = rows.size() < limit ? null : rows.get(limit - 1).place();
        // Behind the greatest key stands at most what is damaged.
        return last == null || last.equals(after)
                ? PayloadPage.last(page)
                : PayloadPage.of(page, PayloadCursor.after(last));
    }

    /** In the order of the keys, so that two batches never wait for each other in a circle. */
    public static int replace(SqlConnection connection, Collection<PayloadChange> batch) throws SQLException {
        List<PayloadChange> sorted = batch.stream()
                .sorted(Comparator.comparing(change -> change.expected().session()))
                .toList();
        try (SqlStatement update = connection.prepare(EXCHANGE)) {
            for (PayloadChange change : sorted) {
                StoredPayload expected = change.expected();
                update.bytes(change.next())
                        .bytes(SessionTable.credentialBytes(change.nextCredential()))
                        .key(expected.session())
                        .bytes(expected.payload())
                        .bytes(NONE)
                        .bytes(expected.credential())
                        .bytes(change.next())
                        .bytes(NONE)
                        .bytes(change.nextCredential())
                        .addToBatch();
            }
            return (int)
                    update.updateBatch().stream().filter(Boolean::booleanValue).count();
        }
    }

    /** A row that cannot be read holds up no walk. */
    private static Met readOrReport(ResultSet row) throws SQLException {
        byte[] key = row.getBytes(1);
        try {
            return new Met(KeyPlace.of(key), read(row, key));
        } catch (IllegalArgumentException | NullPointerException e) {
            LookupKey name = Columns.nameOf(key);
            DAMAGED.met(name, "the row of session " + name + " cannot be read and stays as it is");
            return new Met(KeyPlace.of(key), null);
        }
    }

    private static StoredPayload read(ResultSet row, byte[] key) throws SQLException {
        if (key.length != LookupKey.BYTES) {
            throw new IllegalArgumentException("the key has another length");
        }
        StoredPayload payload = new StoredPayload(LookupKey.fromBytes(key), row.getInt(2), row.getBytes(3));
        byte[] hash = row.getBytes(4);
        byte[] credential = row.getBytes(5);
        if (credential != null && credential.length > StoredSession.MAX_CREDENTIAL) {
            throw new IllegalArgumentException("the credential is too long");
        }
        boolean isWithout = credential == null || credential.length == 0;
        return hash == null && isWithout
                ? payload
                : payload.withCredential(SecretHash.stored(hash), isWithout ? NONE : credential);
    }
}
