package dev.curfew.memory;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The atomic step of one revocation. Guarded by the store's lock, used once. */
final class RevokeStep {
    private static final long UNCOUNTED = RevokeResult.Recorded.UNCOUNTED;

    private final Tables tables;
    private final RevocationRoom room;
    private final @Nullable TokenFacts caller;
    private final Instant now;

    RevokeStep(Tables tables, RevocationRoom room, Precondition precondition, Instant now) {
        this.tables = tables;
        this.room = room;
        this.caller = precondition.caller().orElse(null);
        this.now = now;
    }

    RevokeResult revoke(RevocationRequest request) {
        RevokeResult.Recorded repeated = tables.revocations.outcomeOf(request.act());
        if (repeated != null) {
            return new RevokeResult.Recorded(repeated.entry(), repeated.newlyCovered(), false);
        }
        if (caller != null) {
            tables.revocations.requireNotBeforeHorizon("revoke", now);
            List<Revocation> covering = tables.revocations.covering(caller, now);
            if (!covering.isEmpty()) {
                return RevokeResult.CallerRevoked.by(covering);
            }
            if (!isOwned(request.target(), caller)) {
                return new RevokeResult.NotOwned();
            }
        }
        Revocation entry = fix(request);
        Optional<Revocation> standing = tables.revocations.of(request.target()).stream()
                .filter(present -> request.isDoneBy(present, entry, now))
                .min(Revocation.recordedFirst());
        if (standing.isPresent() || tables.forgetting.isForgotten(entry, now)) {
            long nothing = entry.target().kind().isCounted() ? 0 : UNCOUNTED;
            if (request.fixed().isPresent()) {
                // What stands came later than the act, whose repeat would be later still.
                tables.revocations.remember(request.act(), new RevokeResult.Recorded(entry, nothing, false));
            }
            return new RevokeResult.Recorded(standing.orElse(entry), nothing, false);
        }
        RevocationRequest fitting = room.fit(request, ownerOf(request.target()), now);
        return record(fitting == request ? entry : fix(fitting), request, fitting);
    }

    private RevokeResult.Recorded record(Revocation entry, RevocationRequest request, RevocationRequest fitting) {
        RevokeResult.Recorded outcome = new RevokeResult.Recorded(entry, count(entry), true);
        tables.revocations.append(entry, ownerOf(entry.target()), now);
        boolean forWantOfRoom = fitting != request;
        if (forWantOfRoom
                && entry.target().kind() == RevocationTarget.Kind.REALM
                && entry.exempt().isEmpty()
                && fitting.issuedBefore().isEmpty()) {
            tables.revocations.absorbInto(entry);
        }
        tables.revocations.remember(request.act(), outcome);
        return outcome;
    }

    private Revocation fix(RevocationRequest request) {
        return request.fix(
                now, tables.settings, newestApplicable(request), Optional.ofNullable(rowOf(request.target())));
    }

    private @Nullable StoredSession rowOf(RevocationTarget target) {
        return tables.sessions.get(target.key());
    }

    /** Whose the target is, as far as that is known here. */
    private @Nullable LookupKey ownerOf(RevocationTarget target) {
        return switch (target.kind()) {
            case SUBJECT -> target.key();
            case TOKEN, SESSION, FOREIGN_SESSION -> {
                StoredSession row = rowOf(target);
                yield row != null ? row.subjectKey() : caller == null ? null : caller.subjectKey();
            }
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> null;
        };
    }

    private boolean isOwned(RevocationTarget target, TokenFacts owner) {
        return switch (target.kind()) {
            case TOKEN -> target.key().equals(owner.tokenKey());
            case SUBJECT -> target.key().equals(owner.subjectKey());
            case SESSION, FOREIGN_SESSION -> {
                StoredSession row = rowOf(target);
                yield target.key().equals(owner.sessionKey())
                        || row != null && row.subjectKey().equals(owner.subjectKey());
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
                                newestSession(target.key(), request.exempt().orElse(null)))
                        .max(Instant::compareTo)
                        .orElseThrow();
            case CLIENT, REALM -> tables.revocations.newestIn(target.realm());
            case TOKEN, SESSION, FOREIGN_SESSION, SIGNING_KEY, BIRTH -> Instant.EPOCH;
        };
    }

    private Stream<Instant> newestSession(LookupKey subject, @Nullable ExemptSession exempt) {
        return tables.sessions.of(subject).values().stream()
                .filter(row -> exempt == null || !exempt.key().equals(row.key()))
                .map(StoredSession::authenticatedAt)
                .limit(1);
    }

    /** How many live sessions this entry ends, before it is recorded; a caller's own session counts without a row. */
    private long count(Revocation entry) {
        return switch (entry.target().kind()) {
            case TOKEN -> 1;
            case SESSION, FOREIGN_SESSION -> {
                StoredSession row = rowOf(entry.target());
                boolean wasLive = row != null
                        ? tables.isLive(row, now) && entry.covers(row.facts())
                        : caller != null && entry.covers(caller);
                yield wasLive ? 1 : 0;
            }
            case SUBJECT ->
                tables.sessions.of(entry.target().key()).values().stream()
                        .filter(session -> entry.covers(session.facts()) && tables.isLive(session, now))
                        .count();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> UNCOUNTED;
        };
    }
}
