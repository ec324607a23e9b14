package dev.curfew.jdbc.step;

import dev.curfew.jdbc.table.OpenEntries;
import dev.curfew.jdbc.table.RevocationRow;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What rows that were read behind the lock say of one revocation. Confined to one thread. */
final class RowsSnapshot implements RevokeSnapshot {
    private final StepContext context;
    private final RevocationRequest request;
    private final RevokeRows rows;
    private final boolean isUnfixed;

    /** {@code isUnfixed}: whether the entry gets its instant only when the host has committed. */
    RowsSnapshot(StepContext context, RevocationRequest request, RevokeRows rows, boolean isUnfixed) {
        this.context = context;
        this.request = request;
        this.rows = rows;
        this.isUnfixed = isUnfixed;
    }

    /** The instants of what is open are not the last word. */
    @Override
    public Optional<RevokeResult.Recorded> repeated() {
        return rows.candidates()
                .ofAct(request.act())
                .map(row -> new RevokeResult.Recorded(closed(row), row.newlyCovered(), false));
    }

    @Override
    public List<Revocation> covering(TokenFacts caller) {
        Instant now = context.now();
        return rows.candidates()
                .behindHorizon("revoke", now)
                .covering(caller, now, now.plus(context.settings().retention()));
    }

    @Override
    public Optional<FoundSession> session() {
        return Optional.ofNullable(rows.session());
    }

    /** What gets its instant later is later than anything that stands there. */
    @Override
    public Collection<Revocation> standing() {
        return isUnfixed ? List.of() : rows.candidates().standing();
    }

    @Override
    public Instant clock() {
        return context.laterClock(rows.candidates());
    }

    @Override
    public Instant newestApplicable() {
        return rows.newestApplicable();
    }

    @Override
    public boolean isForgotten(Revocation entry) {
        return context.isForgotten(entry, rows.candidates());
    }

    /** Counted in the same batch, by an instant that covers as much. */
    @Override
    public long countLive(Revocation cutOff) {
        return rows.live();
    }

    private Revocation closed(RevocationRow row) {
        Instant applicable =
                session().map(found -> found.session().authenticatedAt()).orElse(rows.newestApplicable());
        return OpenEntries.closed(row.required(), clock(), context.settings(), applicable);
    }
}
