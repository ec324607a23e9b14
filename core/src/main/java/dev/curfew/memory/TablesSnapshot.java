package dev.curfew.memory;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeSnapshot;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the tables say of one revocation. Guarded by the store's lock. */
final class TablesSnapshot implements RevokeSnapshot {
    private final Tables tables;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final Instant now;

    TablesSnapshot(Tables tables, RevocationRequest request, Instant now) {
        this.tables = tables;
        this.request = request;
        this.target = request.target();
        this.now = now;
    }

    @Override
    public Optional<RevokeResult.Recorded> repeated() {
        return tables.revocations.outcomeOf(request.act());
    }

    @Override
    public List<Revocation> covering(TokenFacts caller) {
        tables.revocations.requireNotBeforeHorizon("revoke", now);
        return tables.revocations.covering(caller, now);
    }

    @Override
    public Optional<FoundSession> session() {
        return Optional.ofNullable(tables.sessions.get(target.key())).map(row -> tables.found(row, now));
    }

    @Override
    public Collection<Revocation> standing() {
        return tables.revocations.of(target);
    }

    /** This store has no clock of its own. */
    @Override
    public Instant clock() {
        return now;
    }

    @Override
    public Instant newestApplicable() {
        if (target.kind() != RevocationTarget.Kind.SUBJECT) {
            return tables.revocations.newestIn(target.realm());
        }
        Instant cutOff = tables.revocations.newestFor(target.realm(), target.key());
        return newestSession().filter(cutOff::isBefore).orElse(cutOff);
    }

    @Override
    public boolean isForgotten(Revocation entry) {
        return tables.forgetting.isForgotten(entry, now);
    }

    @Override
    public long countLive(Revocation cutOff) {
        return tables.sessions.of(target.key()).values().stream()
                .filter(session -> cutOff.covers(session.facts()) && tables.isLive(session, now))
                .count();
    }

    private Optional<Instant> newestSession() {
        Optional<LookupKey> exempt = request.exempt().map(ExemptSession::key);
        return tables.sessions.of(target.key()).values().stream()
                .filter(row -> exempt.filter(row.key()::equals).isEmpty())
                .map(StoredSession::authenticatedAt)
                .findFirst();
    }
}
