package dev.curfew.jdbc;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.store.FoundSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoredSession;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The atomic step of a revocation. Confined to one thread. */
final class RevokeStep {
    private final Call call;
    private final StoreSettings settings;
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;
    private final Instant now;
    private final boolean isOpen;

    /** The subject to which the target belongs, as far as that is known. */
    private @Nullable LookupKey owner;

    /** The session that is the target, if it stands there. */
    private Optional<FoundSession> row = Optional.empty();

    RevokeStep(Call call, StoreSettings settings, RevocationRequest request, Precondition precondition, Instant now) {
        this(call, settings, request, precondition, now, false);
    }

    /** {@code joinsHost}: whether it is part of the host's transaction, so that nobody knows yet when it will be "now". */
    RevokeStep(
            Call call,
            StoreSettings settings,
            RevocationRequest request,
            Precondition precondition,
            Instant now,
            boolean joinsHost) {
        this.call = call;
        this.settings = settings;
        this.request = request;
        this.target = request.target();
        this.caller = precondition.caller().orElse(null);
        this.now = now;
        this.isOpen = joinsHost && meansNow(request);
    }

    RevokeResult revoke() throws SQLException {
        lock();
        Candidates candidates = candidates();
        Optional<RevocationRow> repeated = candidates.ofAct(request.act());
        if (repeated.isPresent()) {
            return repeated.get().repeated();
        }
        if (isSession(target)) {
            row = FindQuery.one(call, target.key(), now).first();
        }
        if (caller != null) {
            List<Revocation> covering = candidates.covering(caller, now);
            if (!covering.isEmpty()) {
                return RevokeResult.CallerRevoked.by(covering);
            }
            if (!owns(caller)) {
                return new RevokeResult.NotOwned();
            }
        }
        return record(candidates);
    }

    private void lock() throws SQLException {
        if (target.kind() == RevocationTarget.Kind.SUBJECT) {
            owner = target.key();
            Subjects.lock(call, owner);
        } else if (isSession(target)) {
            owner = Subjects.lockOf(call, target.key()).orElse(null);
        }
        if (owner == null && caller != null && caller.subjectKey() != null) {
            Subjects.lock(call, caller.subjectKey());
        }
    }

    private Candidates candidates() throws SQLException {
        Set<LookupKey> keys = caller == null ? new LinkedHashSet<>() : Candidates.keysOf(caller);
        keys.add(Births.KEY);
        keys.add(target.key());
        Candidates candidates = Candidates.readForAct(call, keys, request.act());
        if (!candidates.hasBirth()) {
            Births.create(call, settings, now);
            candidates = Candidates.readForAct(call, keys, request.act());
        }
        return candidates;
    }

    private RevokeResult record(Candidates candidates) throws SQLException {
        Instant applicable = meansNow(request) ? CutOffs.applicable(call, target, exemptKey()) : Instant.EPOCH;
        Revocation entry = request.fix(now, settings, applicable, row.map(FoundSession::session));
        Optional<Revocation> standing = candidates.first(present -> request.isDoneBy(present, entry, now));
        if (standing.isPresent() || entry.isForgotten(now)) {
            return new RevokeResult.Recorded(
                    standing.orElse(entry), isUncounted() ? RevokeResult.Recorded.UNCOUNTED : 0, false);
        }
        long newlyCovered = countOf(entry);
        RevocationRow.insert(call, request.act(), entry, scope(), newlyCovered, isOpen);
        return new RevokeResult.Recorded(entry, newlyCovered, true);
    }

    /** How many live sessions this entry ends, before it is recorded; a caller's own session counts without a row. */
    private long countOf(Revocation entry) throws SQLException {
        return switch (target.kind()) {
            case TOKEN -> 1;
            case SESSION, FOREIGN_SESSION ->
                row.map(found -> found.isLive(now)).orElseGet(() -> caller != null && entry.covers(caller)) ? 1 : 0;
            case SUBJECT ->
                LiveSessions.count(call, target.key(), target.realm(), entry.issuedBefore(), exemptKey(), now);
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> RevokeResult.Recorded.UNCOUNTED;
        };
    }

    private boolean owns(TokenFacts facts) {
        return switch (target.kind()) {
            case TOKEN -> target.key().equals(facts.tokenKey());
            case SUBJECT -> target.key().equals(facts.subjectKey());
            case SESSION, FOREIGN_SESSION ->
                target.key().equals(facts.sessionKey())
                        || row.map(FoundSession::session)
                                .map(StoredSession::subjectKey)
                                .filter(subject -> subject.equals(facts.subjectKey()))
                                .isPresent();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    /** Under which key a search for all entries that concern a subject, or for cut-offs of a realm, finds it. */
    private @Nullable LookupKey scope() {
        return switch (target.kind()) {
            case SESSION, FOREIGN_SESSION ->
                owner == null && caller != null && target.key().equals(caller.sessionKey())
                        ? caller.subjectKey()
                        : owner;
            case SUBJECT, CLIENT, REALM -> target.realm();
            case TOKEN, SIGNING_KEY, BIRTH -> null;
        };
    }

    private LookupKey exemptKey() {
        return request.exempt().map(ExemptSession::key).orElse(CutOffs.NOBODY);
    }

    private boolean isUncounted() {
        return switch (target.kind()) {
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> true;
            case TOKEN, SESSION, FOREIGN_SESSION, SUBJECT -> false;
        };
    }

    private static boolean isSession(RevocationTarget target) {
        return target.kind() == RevocationTarget.Kind.SESSION || target.kind() == RevocationTarget.Kind.FOREIGN_SESSION;
    }

    private static boolean meansNow(RevocationRequest request) {
        return request.issuedBefore().isEmpty()
                && (request.target().kind().isCutOff()
                        || request.target().kind() == RevocationTarget.Kind.FOREIGN_SESSION);
    }
}
