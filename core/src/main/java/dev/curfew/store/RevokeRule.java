package dev.curfew.store;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one revocation tests, records and counts. Pure: a store reads and writes around it, in one atomic step.
 *
 * <p>In this order:
 *
 * <ol>
 *   <li>an act that was recorded before answers what it did then, whatever has happened since;
 *   <li>a caller who is revoked may not revoke;
 *   <li>a target that is not the caller's is refused, and one that does not exist gets the same answer;
 *   <li>the instants of the entry are fixed;
 *   <li>an entry that adds nothing to what stands there, or is over already, is not written;
 *   <li>what the entry ends is counted, and it is written.
 * </ol>
 *
 * <p>Without a caller the host has decided, and the second and third step are left out. The script of the Redis store
 * says the same in its own language.
 *
 * <p>A store's {@code revoke} is: take the lock, call {@link #decide} with a snapshot, write
 * {@link RevokeDecision#act() the entry of the act} if {@link RevokeDecision#isEntryNeeded it is needed}, remember the
 * act if there is one, commit, answer {@link RevokeDecision#result}.
 */
public final class RevokeRule {
    private final RevocationRequest request;
    private final RevocationTarget target;
    private final @Nullable TokenFacts caller;
    private final StoreSettings settings;
    private final Instant now;

    /**
     * Makes the rule of one step.
     *
     * @param request what, why and by whom
     * @param precondition what must hold
     * @param settings of the store
     * @param now the instant of the operation
     */
    public RevokeRule(RevocationRequest request, Precondition precondition, StoreSettings settings, Instant now) {
        this.request = request;
        this.target = request.target();
        this.caller = precondition.caller().orElse(null);
        this.settings = settings;
        this.now = now;
    }

    /**
     * Decides.
     *
     * @param read what the store read under its lock
     * @return what to write and to answer
     * @throws BeforeHorizonException if there is a caller and nobody can say at this instant whether it is revoked
     */
    public RevokeDecision decide(RevokeSnapshot read) {
        Optional<RevokeResult.Recorded> repeated = read.repeated();
        if (repeated.isPresent()) {
            return RevokeDecision.answer(repeated.get().again());
        }
        if (caller != null) {
            List<Revocation> covering = read.covering(caller);
            if (!covering.isEmpty()) {
                return RevokeDecision.answer(RevokeResult.CallerRevoked.by(covering));
            }
            if (!owns(caller, read)) {
                return RevokeDecision.answer(new RevokeResult.NotOwned());
            }
        }
        Revocation entry = fix(read);
        Optional<Revocation> standing = read.standing().stream()
                .filter(present -> request.isDoneBy(present, entry, now))
                .min(Revocation.recordedFirst());
        if (read.isForgotten(entry)) {
            return RevokeDecision.answer(unchanged(standing.orElse(entry)));
        }
        if (standing.isPresent()) {
            return mustBeRemembered()
                    ? RevokeDecision.remember(unchanged(entry), unchanged(standing.get()))
                    : RevokeDecision.answer(unchanged(standing.get()));
        }
        return RevokeDecision.record(recorded(entry, read));
    }

    /**
     * What is recorded if nothing is tested: for a bounded store that records this request in place of one that it has
     * no room for, after {@link #decide} has let that one pass.
     *
     * @param read what the store read under its lock, for this request
     * @return the entry with the number of what it ends
     */
    public RevokeResult.Recorded untested(RevokeSnapshot read) {
        return recorded(fix(read), read);
    }

    /** The caller's own token, session or subject, or another session of the caller's subject. */
    private boolean owns(TokenFacts facts, RevokeSnapshot read) {
        LookupKey subject = facts.subjectKey();
        return switch (target.kind()) {
            case TOKEN -> target.key().equals(facts.tokenKey());
            case SUBJECT -> target.key().equals(subject);
            case SESSION, FOREIGN_SESSION ->
                target.key().equals(facts.sessionKey())
                        || read.session()
                                .filter(row -> row.session().subjectKey().equals(subject))
                                .isPresent();
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> false;
        };
    }

    private Revocation fix(RevokeSnapshot read) {
        boolean isCutOffNow = request.meansNow() && target.kind().isCutOff();
        return request.fix(
                now,
                read.clock(),
                settings,
                isCutOffNow ? read.newestApplicable() : Instant.EPOCH,
                read.session().map(FoundSession::session));
    }

    /**
     * What stands there came later than this act, whose instants a node had fixed before. A repeat of an act that
     * nobody remembers would be a new one, later still, and end what began since.
     */
    private boolean mustBeRemembered() {
        return request.fixed().isPresent() && target.kind().dependsOnInstant();
    }

    private RevokeResult.Recorded unchanged(Revocation entry) {
        return new RevokeResult.Recorded(entry, target.kind().isCounted() ? 0 : RevokeResult.Recorded.UNCOUNTED, false);
    }

    private RevokeResult.Recorded recorded(Revocation entry, RevokeSnapshot read) {
        return new RevokeResult.Recorded(entry, count(entry, read), true);
    }

    /** How many live sessions the entry ends, before it is recorded. */
    private long count(Revocation entry, RevokeSnapshot read) {
        return switch (target.kind()) {
            case TOKEN -> 1;
            case SESSION, FOREIGN_SESSION -> endsSession(entry, read) ? 1 : 0;
            case SUBJECT -> read.countLive(entry);
            case CLIENT, REALM, SIGNING_KEY, BIRTH -> RevokeResult.Recorded.UNCOUNTED;
        };
    }

    /** A session without a row counts if it is the caller's own, who was just found not to be revoked. */
    private boolean endsSession(Revocation entry, RevokeSnapshot read) {
        return read.session()
                .map(row -> row.isLive(now) && entry.covers(row.session().facts()))
                .orElseGet(() -> caller != null && entry.covers(caller));
    }
}
