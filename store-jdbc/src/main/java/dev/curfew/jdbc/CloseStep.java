package dev.curfew.jdbc;

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
final class CloseStep {
    private static final String LOCK =
            "SELECT r.id FROM curfew_revocation r WHERE r.id = ? AND r.is_open = 1 FOR UPDATE SKIP LOCKED";

    private final Call call;
    private final StoreSettings settings;
    private final Instant now;

    CloseStep(Call call, StoreSettings settings, Instant now) {
        this.call = call;
        this.settings = settings;
        this.now = now;
    }

    /**
     * What became of it.
     *
     * @param row as it stands now
     * @param closedHere whether this call has closed it
     */
    record Closing(RevocationRow row, boolean closedHere) {}

    /**
     * Closes what an act wrote, if it is open; nothing if no such row is committed. A row that cannot be read stays
     * open.
     */
    Optional<Closing> close(LookupKey act) throws SQLException {
        Candidates met = meet(act);
        Optional<RevocationRow> row = met.ofAct(act);
        if (row.isEmpty() || !row.get().isOpen() || row.get().revocation() == null) {
            return row.map(found -> new Closing(found, false));
        }
        Revocation open = row.get().required();
        Instant reading = met.times().map(StoreTimes::clock).orElse(now);
        Instant applicable = OpenEntries.isUnfixed(open) ? CutOffs.applicable(call, open) : Instant.EPOCH;
        boolean closedHere = write(act, OpenEntries.closed(open, call.later(now, reading), settings, applicable));
        return RevocationRow.byId(call, act).map(closed -> new Closing(closed, closedHere));
    }

    /** As {@link #close}, unless somebody holds the row; whether this call has closed it. */
    boolean tryClose(LookupKey act) throws SQLException {
        try (Parameters select = call.prepare(LOCK)) {
            if (select.key(act).first(row -> true).isEmpty()) {
                return false;
            }
        }
        return close(act).filter(Closing::closedHere).isPresent();
    }

    private Candidates meet(LookupKey act) throws SQLException {
        Candidates met = ask(act);
        if (!met.hasBirth()) {
            Births.create(call, settings, now);
            met = ask(act);
        }
        return met;
    }

    private Candidates ask(LookupKey act) throws SQLException {
        Round round = new Round(call);
        Round.Answer<RevocationRow> found = Candidates.askForAct(round, Set.of(Births.KEY), act);
        round.send();
        return new Candidates(found.rows());
    }

    private boolean write(LookupKey act, Revocation closed) throws SQLException {
        try (Parameters update = call.prepare("UPDATE curfew_revocation SET is_open = 2, issued_before = ?,"
                + " forget_after = ? WHERE id = ? AND is_open = 1" + RevocationRow.wakingListeners(call))) {
            return update.instant(closed.issuedBefore())
                            .instant(closed.forgetAfter())
                            .key(act)
                            .update()
                    == 1;
        }
    }
}
