package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.QueryBatch;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.BirthMarker;
import dev.curfew.jdbc.table.CandidateRows;
import dev.curfew.jdbc.table.CutOffs;
import dev.curfew.jdbc.table.OpenEntries;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a revocation that joined the host's transaction its instants. Confined to one thread.
 *
 * <p>Whoever calls it has seen the row committed before its own {@code now} was read, and before this transaction
 * began. It is one compare-and-set in place, so that of several who close at once one does. No lock is held meanwhile:
 * until the row is closed it refuses every login of its target, and one that begins between the reading of the clocks
 * and the closing began after the commit.
 */
public final class CloseStep {
    private static final String LOCK =
            "SELECT r.id FROM curfew_revocation r WHERE r.id = ? AND r.is_open = 1 FOR UPDATE SKIP LOCKED";

    private final SqlConnection connection;
    private final StoreSettings settings;
    private final Instant now;

    public CloseStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.connection = connection;
        this.settings = settings;
        this.now = now;
    }

    /**
     * What became of it.
     *
     * @param row as it stands now
     * @param closedHere whether this call has closed it
     */
    public record Closing(RevocationRow row, boolean closedHere) {}

    /**
     * Closes what an act wrote, if it is open; nothing if no such row is committed. A row that cannot be read stays
     * open.
     */
    public Optional<Closing> close(LookupKey act) throws SQLException {
        CandidateRows met = BirthMarker.require(
                connection, settings, now, own -> ask(own, act).besideBirth());
        Optional<RevocationRow> row = met.ofAct(act);
        if (row.isEmpty() || !row.get().isOpen() || row.get().revocation() == null) {
            return row.map(found -> new Closing(found, false));
        }
        Revocation open = row.get().required();
        Instant reading = met.times().map(StoreTimes::clock).orElse(now);
        Instant applicable = OpenEntries.isUnfixed(open) ? CutOffs.applicable(connection, open) : Instant.EPOCH;
        boolean closedHere = write(act, OpenEntries.closed(open, connection.later(now, reading), settings, applicable));
        return RevocationTable.byId(connection, act).map(closed -> new Closing(closed, closedHere));
    }

    /** As {@link #close}, unless somebody holds the row; whether this call has closed it. */
    public boolean tryClose(LookupKey act) throws SQLException {
        try (SqlStatement select = connection.prepare(LOCK)) {
            if (!select.key(act).findsAny()) {
                return false;
            }
        }
        return close(act).filter(Closing::closedHere).isPresent();
    }

    private static CandidateRows ask(SqlConnection connection, LookupKey act) throws SQLException {
        QueryBatch batch = new QueryBatch(connection);
        QueryBatch.Answer<RevocationRow> found = CandidateRows.askForAct(batch, Set.of(BirthMarker.KEY), act);
        batch.send();
        return new CandidateRows(found.rows());
    }

    private boolean write(LookupKey act, Revocation closed) throws SQLException {
        try (SqlStatement update = connection.prepare("UPDATE curfew_revocation SET is_open = 2, issued_before = ?,"
                + " forget_after = ? WHERE id = ? AND is_open = 1" + connection.wakingListeners())) {
            return update.instant(closed.issuedBefore())
                            .instant(closed.forgetAfter())
                            .key(act)
                            .update()
                    == 1;
        }
    }
}
