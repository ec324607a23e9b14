package dev.curfew.memory;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeDecision;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeRule;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
        RevocationRequest fitting = tables.fallback.fit(request, ownerOf(request.target()), now);
        RevokeResult.Recorded recorded = fitting == request
                ? decision.act().orElseThrow()
                : rule(fitting).untested(snapshot(fitting));
        Revocation entry = recorded.entry();
        tables.revocations.append(entry, ownerOf(entry.target()), now);
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

    /** Whose the target is, as far as that is known here. */
    private @Nullable LookupKey ownerOf(RevocationTarget target) {
        return switch (target.kind()) {
            case SUBJECT -> target.key();
            case TOKEN, SESSION, FOREIGN_SESSION -> {
                var row = tables.sessions.get(target.key());
                yield row != null
                        ? row.subjectKey()
                        : precondition.caller().map(facts -> facts.subjectKey()).orElse(null);
            }
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> null;
        };
    }
}
