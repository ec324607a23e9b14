package dev.curfew.memory;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The atomic step of a revocation. Guarded by the store's lock. */
final class RevokeStep {
    private static final long UNCOUNTED = RevokeResult.Recorded.UNCOUNTED;

    private final Tables tables;
    private final int maxRevocations;

    RevokeStep(Tables tables, int maxRevocations) {
        this.tables = tables;
        this.maxRevocations = maxRevocations;
    }

    RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        RevokeResult.Recorded repeated = tables.revocations.outcomeOf(request.operation());
        if (repeated != null) {
            return new RevokeResult.Recorded(repeated.entry(), repeated.newlyCovered(), false);
        }
        Optional<TokenFacts> caller = precondition.caller();
        if (caller.isPresent()) {
            List<Revocation> covering = tables.revocations.covering(caller.get(), now);
            if (!covering.isEmpty()) {
                return new RevokeResult.CallerRevoked(covering.get(0));
            }
            if (!owns(caller.get(), request.target())) {
                return new RevokeResult.NotOwned();
            }
        }
        RevokeResult.Recorded outcome = record(withRoom(request, now), caller, now);
        if (outcome.changed()) {
            tables.revocations.remember(request.operation(), outcome);
        }
        return outcome;
    }

    private RevokeResult.Recorded record(RevocationRequest request, Optional<TokenFacts> caller, Instant now) {
        Optional<StoredSession> row =
                Optional.ofNullable(tables.sessions.get(request.target().key()));
        Revocation entry = request.fix(now, tables.settings, newestApplicable(request), row);
        Optional<Revocation> standing = tables.revocations.of(request.target()).stream()
                .filter(present -> request.isDoneBy(present, entry, now))
                .findFirst();
        if (standing.isPresent() || entry.isForgotten(now)) {
            return new RevokeResult.Recorded(standing.orElse(entry), isCounted(entry) ? 0 : UNCOUNTED, false);
        }
        long newlyCovered = count(entry, row, caller, now);
        tables.revocations.append(entry, now);
        return new RevokeResult.Recorded(entry, newlyCovered, true);
    }

    private boolean owns(TokenFacts caller, RevocationTarget target) {
        return switch (target.kind()) {
            case TOKEN -> target.key().equals(caller.tokenKey());
            case SUBJECT -> target.key().equals(caller.subjectKey());
            case SESSION, FOREIGN_SESSION -> {
                StoredSession row = tables.sessions.get(target.key());
                yield target.key().equals(caller.sessionKey())
                        || row != null && row.subjectKey().equals(caller.subjectKey());
            }
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    private Instant newestApplicable(RevocationRequest request) {
        RevocationTarget target = request.target();
        return switch (target.kind()) {
            case SUBJECT ->
                Stream.concat(
                                Stream.of(tables.revocations.newestFor(target.realm(), target.key())),
                                newestSession(target.key(), request.exempt()))
                        .max(Instant::compareTo)
                        .orElseThrow();
            case CLIENT, REALM -> tables.revocations.newestIn(target.realm());
            case TOKEN, SESSION, FOREIGN_SESSION, SIGNING_KEY, BIRTH -> Instant.EPOCH;
        };
    }

    private Stream<Instant> newestSession(LookupKey subject, Optional<ExemptSession> exempt) {
        return tables.sessions.of(subject).values().stream()
                .filter(row ->
                        exempt.filter(spared -> spared.key().equals(row.key())).isEmpty())
                .map(StoredSession::authenticatedAt)
                .limit(1);
    }

    /** How many live sessions this entry ends, before it is recorded; a caller's own session counts without a row. */
    private long count(Revocation entry, Optional<StoredSession> row, Optional<TokenFacts> caller, Instant now) {
        return switch (entry.target().kind()) {
            case TOKEN -> 1;
            case SESSION, FOREIGN_SESSION ->
                row.map(session -> tables.isLive(session, now))
                                .orElseGet(() -> caller.filter(entry::covers).isPresent())
                        ? 1
                        : 0;
            case SUBJECT ->
                tables.sessions.of(entry.target().key()).values().stream()
                        .filter(session -> entry.covers(session.facts()) && tables.isLive(session, now))
                        .count();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> UNCOUNTED;
        };
    }

    private static boolean isCounted(Revocation entry) {
        return switch (entry.target().kind()) {
            case TOKEN, SESSION, FOREIGN_SESSION, SUBJECT -> true;
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    /**
     * The request itself, or for want of room the same act upon a coarser target. A quarter of the bound is kept for subjects,
     * and the few targets above them are always recorded: nothing that must be revoked is ever refused.
     */
    private RevocationRequest withRoom(RevocationRequest request, Instant now) {
        if (tables.revocations.size() < maxRevocations) {
            return request;
        }
        tables.revocations.purge(now.minus(StoreSettings.PURGE_DELAY), Integer.MAX_VALUE);
        int size = tables.revocations.size();
        return Stream.concat(Stream.of(request.target()), request.coarser().stream())
                .filter(target -> hasRoom(target, size))
                .findFirst()
                .filter(target -> !target.equals(request.target()))
                .map(request::on)
                .orElse(request);
    }

    private boolean hasRoom(RevocationTarget target, int size) {
        return switch (target.kind()) {
            case TOKEN, SESSION, FOREIGN_SESSION -> size < maxRevocations;
            case SUBJECT -> size <= maxRevocations + maxRevocations / 4;
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> true;
        };
    }
}
