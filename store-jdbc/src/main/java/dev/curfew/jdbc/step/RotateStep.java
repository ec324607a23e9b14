package dev.curfew.jdbc.step;

import dev.curfew.crypto.SecretHash;
import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.FindQuery;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.jdbc.table.SessionTable;
import dev.curfew.jdbc.table.SubjectLocks;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The atomic exchange of what stands in a session's row. Confined to one thread.
 *
 * <p>Behind the lock of the subject no revocation of it and no other exchange comes in between. Three others write rows
 * without that lock: signs of life, which the update never sets back; whoever re-encrypts, who exchanges payloads and
 * credentials; and a login of another subject that uses a foreign id again. So the update repeats the comparisons, and
 * if it finds nothing to change, the step is to be run again, which says what stands now.
 */
public final class RotateStep {
    /** Serialization failure: what databases say themselves of two transactions that were in each other's way. */
    private static final String CONFLICT = "40001";

    private static final String SECRET = "secret_hash = ?, credential = ?";
    private static final String PAYLOAD = "payload = ?";

    /** In an order that means the same whether a database reads the old value on the right, or what was just set. */
    private static final String SEEN = "last_seen_at = GREATEST(s.last_seen_at, ?),"
            + " ends_at = LEAST(s.expires_at, GREATEST(s.last_seen_at, ?) + s.idle_millis)";

    private final SqlConnection connection;
    private final StoreSettings settings;
    private final Instant now;

    public RotateStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.now = now;
    }

    /** Throws a conflict if the row was written in between: nothing was exchanged, and all of it is done again. */
    public RotateResult rotate(LookupKey session, Rotation rotation) throws SQLException {
        FindQuery.Found read = readBehindLock(session);
        Optional<FoundSession> live = read.first().filter(found -> found.isLive(now));
        if (live.isEmpty()) {
            return new RotateResult.NotLive(read.first());
        }
        StoredSession row = live.get().session();
        if (rotation.isDone(row)) {
            return new RotateResult.Rotated();
        }
        if (!rotation.expects(row)) {
            return new RotateResult.Mismatch(row);
        }
        if (!exchange(row, rotation)) {
            throw new SQLTransactionRollbackException("somebody else has written the row", CONFLICT);
        }
        if (rotation.leavesNotice()) {
            leaveNotice(row);
        }
        return new RotateResult.Rotated();
    }

    /** A lock that is missing, or that of another subject by now, costs another round trip. */
    private FindQuery.Found readBehindLock(LookupKey session) throws SQLException {
        return BirthMarker.require(
                        connection,
                        settings,
                        now,
                        own -> read(own, session, null).besideBirth())
                .behindHorizon("rotate", now)
                .readable();
    }

    private FindQuery.Found read(SqlConnection own, LookupKey session, @Nullable LookupKey supposed)
            throws SQLException {
        QueryBatch batch = new QueryBatch(own);
        QueryBatch.Answer<LookupKey> lock = supposed == null
                ? SubjectLocks.askForLockOf(batch, session, null)
                : SubjectLocks.askForLock(batch, supposed);
        var row = FindQuery.askForOne(batch, session);
        batch.send();
        FindQuery.Found found = FindQuery.collect(row.rows(), now);
        LookupKey owner = found.first().map(one -> one.session().subjectKey()).orElse(null);
        if (owner == null || owner.equals(lock.first().orElse(null))) {
            return found;
        }
        if (lock.rows().isEmpty()) {
            SubjectLocks.create(own, owner);
        }
        return read(own, session, owner);
    }

    /** What does not change is not written, so that no index is; an instant that lies behind the row's is none. */
    private boolean exchange(StoredSession row, Rotation rotation) throws SQLException {
        Optional<byte[]> secret = rotation.nextSecret().map(SecretHash::toBytes);
        Optional<byte[]> payload = rotation.nextPayload();
        Optional<Instant> seen = rotation.lastSeen().filter(row.lastSeenAt()::isBefore);
        String set = Stream.of(secret.map(next -> SECRET), payload.map(next -> PAYLOAD), seen.map(next -> SEEN))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(", "));
        String sql = "UPDATE curfew_session s SET " + set + " WHERE s.session_key = ?"
                + (secret.isPresent() ? " AND s.secret_hash = ?" : "")
                + (payload.isPresent() ? " AND s.payload = ?" : "");
        try (SqlStatement update = rotation.leavesNotice() ? connection.prepare(sql) : connection.prepareLast(sql)) {
            if (secret.isPresent()) {
                update.bytes(secret.get())
                        .bytes(SessionTable.credentialBytes(
                                rotation.nextCredential().orElseThrow()));
            }
            if (payload.isPresent()) {
                update.bytes(payload.get());
            }
            if (seen.isPresent()) {
                update.instant(seen.get()).instant(seen.get());
            }
            update.key(row.key());
            if (secret.isPresent()) {
                update.bytes(rotation.expectedSecret().orElseThrow().toBytes());
            }
            if (payload.isPresent()) {
                update.bytes(rotation.expectedPayload().orElseThrow());
            }
            return update.update() > 0;
        }
    }

    private void leaveNotice(StoredSession row) throws SQLException {
        UUID name = UUID.randomUUID();
        LookupKey id = new LookupKey(name.getMostSignificantBits(), name.getLeastSignificantBits());
        RevocationTable.insertNotice(connection, id, row.key(), row.realmKey(), now);
    }
}
