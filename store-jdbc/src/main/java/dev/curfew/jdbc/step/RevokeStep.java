package dev.curfew.jdbc.step;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.table.OpenEntries;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.jdbc.table.RevocationTable;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeDecision;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeRule;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The atomic step of a revocation. Confined to one thread. */
public final class RevokeStep {
    private final StepContext context;

    public RevokeStep(SqlConnection connection, StoreSettings settings, Instant now) {
        this.context = new StepContext(connection, settings, now);
    }

    /**
     * What became of it.
     *
     * @param result the answer; the instants of what is open are not the last word
     * @param isOpen whether the act stands there already, committed and open, so that a later transaction must close it
     */
    public record Outcome(RevokeResult result, boolean isOpen) {}

    /** In a transaction of its own. */
    public Outcome revoke(RevocationRequest request, Precondition precondition) throws SQLException {
        return revoke(request, precondition, false);
    }

    /** As part of the host's transaction, of which nobody knows yet when it will be committed. */
    public RevokeResult join(RevocationRequest request, Precondition precondition) throws SQLException {
        return revoke(request, precondition, true).result();
    }

    private Outcome revoke(RevocationRequest request, Precondition precondition, boolean joinsHost)
            throws SQLException {
        TokenFacts caller = precondition.caller().orElse(null);
        boolean isUnfixed = joinsHost && request.meansNow();
        RevokeRows rows = new RevokeQuery(context, request, caller).readBehindLock();
        RevokeDecision decision = new RevokeRule(request, precondition, context.settings(), context.now())
                .decide(new RowsSnapshot(context, request, rows, isUnfixed));
        Optional<RevokeResult.Recorded> act = decision.act();
        if (act.isEmpty()) {
            boolean isOpen = rows.candidates()
                    .ofAct(request.act())
                    .filter(RevocationRow::isOpen)
                    .isPresent();
            return new Outcome(decision.result(), isOpen);
        }
        // The name of the act stands in the row of its entry, which is written also if another one covers as much.
        Revocation entry = act.get().entry();
        RevocationTable.insertLast(
                context.connection(),
                request.act(),
                joinsHost ? OpenEntries.open(entry, isUnfixed) : entry,
                RevocationTable.scopeOf(entry.target(), ownerOf(entry.target(), rows, caller)),
                act.get().newlyCovered(),
                joinsHost ? RevocationRow.OPEN : RevocationRow.PLAIN);
        return new Outcome(new RevokeResult.Recorded(entry, act.get().newlyCovered(), true), false);
    }

    /** A session without a row belongs to the caller if it is the caller's own. */
    private static @Nullable LookupKey ownerOf(RevocationTarget target, RevokeRows rows, @Nullable TokenFacts caller) {
        return rows.owner() == null && caller != null && target.key().equals(caller.sessionKey())
                ? caller.subjectKey()
                : rows.owner();
    }
}
