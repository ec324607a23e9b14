package dev.curfew.examples.sqlite;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.FoundSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeDecision;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RevokeRule;
import dev.curfew.store.RevokeSnapshot;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link RevokeRule} asks for, and writes what it decides. Confined to one transaction, which holds the
 * write lock: what was read stands until what was decided is written.
 */
final class RevokeStep implements RevokeSnapshot {
    private static final int ROWS_AT_A_TIME = 500;

    private final SessionTable sessions;
    private final Transaction transaction;
    private final FeedTable feed;
    private final ActTable acts;
    private final RevocationRequest request;
    private final Instant now;

    RevokeStep(SessionTable sessions, RevocationRequest request, Instant now) {
        this.sessions = sessions;
        this.transaction = sessions.transaction();
        this.feed = new FeedTable(transaction);
        this.acts = new ActTable(transaction);
        this.request = request;
        this.now = now;
    }

    RevokeResult run(Precondition precondition) {
        RevokeRule rule =
                new RevokeRule(request, precondition, transaction.state().settings(), now);
        RevokeDecision decision = rule.decide(this);
        decision.act().ifPresent(act -> {
            if (decision.isEntryNeeded()) {
                feed.add(act.entry(), now);
            }
            acts.remember(request.act(), act, now);
        });
        return decision.result();
    }

    @Override
    public Optional<RevokeResult.Recorded> repeated() {
        return acts.find(request.act());
    }

    @Override
    public List<Revocation> covering(TokenFacts caller) {
        transaction.state().requireBehindHorizon("revoke", now);
        return Coverage.of(transaction, List.of(caller)).covering(caller, now);
    }

    @Override
    public Optional<FoundSession> session() {
        if (!request.target().kind().isSession()) {
            return Optional.empty();
        }
        return sessions.find(request.target().key())
                .map(row -> FoundSessions.asFarAsReadable(transaction, List.of(row), now)
                        .get(0));
    }

    @Override
    public Collection<Revocation> standing() {
        return feed.standing(request.target());
    }

    /** SQLite has no server, and its files never leave the machine: there is no second clock to ask. */
    @Override
    public Instant clock() {
        return now;
    }

    @Override
    public Instant newestApplicable() {
        RevocationTarget target = request.target();
        if (target.kind() != RevocationTarget.Kind.SUBJECT) {
            return feed.newestCutOffIn(target.realm());
        }
        return FeedTable.later(
                feed.newestCutOff(target.key(), target.realm()),
                sessions.newestBeginning(target.key(), request.exempt().map(ExemptSession::key)));
    }

    @Override
    public boolean isForgotten(Revocation entry) {
        return entry.isForgotten(now);
    }

    @Override
    public long countLive(Revocation cutOff) {
        long count = 0;
        try (SessionScan scan = sessions.ofSubject(request.target().key(), Optional.empty())) {
            while (!scan.isAtEnd()) {
                count += FoundSessions.asFarAsReadable(transaction, scan.next(ROWS_AT_A_TIME), now).stream()
                        .filter(found -> found.isLive(now)
                                && cutOff.covers(found.session().facts()))
                        .count();
            }
        }
        return count;
    }
}
