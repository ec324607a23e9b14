package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeDecision;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeRule;
import java.time.Instant;

/** The atomic step of one revocation. Guarded by the store's lock, used once. */
final class RevokeStep {
    private final Tables tables;
    private final Precondition precondition;
    private final Instant now;

    RevokeStep(Tables tables, Precondition precondition, Instant now) {
        this.tables = tables;
        this.precondition = precondition;
        this.now = now;
    }

    RevokeResult revoke(RevocationRequest request) {
        RevokeDecision decision = rule(request).decide(snapshot(request));
        if (!decision.isEntryNeeded()) {
            decision.act().ifPresent(outcome -> tables.revocations.remember(request.act(), outcome));
            return decision.result();
        }
        RevocationRequest fitting = tables.fallback.fit(request, now);
        RevokeResult.Recorded recorded = fitting == request
                ? decision.act().orElseThrow()
                : rule(fitting).untested(snapshot(fitting));
        Revocation entry = recorded.entry();
        tables.revocations.append(entry, now);
        if (fitting != request && isWholeRealmNow(fitting)) {
            tables.revocations.absorbInto(entry);
        }
        tables.revocations.remember(request.act(), recorded);
        return recorded;
    }

    private RevokeRule rule(RevocationRequest request) {
        return new RevokeRule(request, precondition, tables.settings, now);
    }

    private TablesSnapshot snapshot(RevocationRequest request) {
        return new TablesSnapshot(tables, request, now);
    }

    private static boolean isWholeRealmNow(RevocationRequest request) {
        return request.target().kind() == RevocationTarget.Kind.REALM
                && request.exempt().isEmpty()
                && request.meansNow();
    }
}
