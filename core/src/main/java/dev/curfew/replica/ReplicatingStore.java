package dev.curfew.replica;

import dev.curfew.replica.ReceivedRevocations.OwnCall;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.ForwardingSessionStore;
import dev.curfew.store.InsertResult;
import dev.curfew.store.NewSession;
import dev.curfew.store.Precondition;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.RotateResult;
import dev.curfew.store.Rotation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A store whose every answer about a revocation is known to this node's index before it is given. Thread-safe. */
final class ReplicatingStore extends ForwardingSessionStore {
    private final SessionStore store;
    private final StoreSettings settings;
    private final OwnCalls calls;
    private final ClockComparison clocks;

    ReplicatingStore(SessionStore store, StoreSettings settings, OwnCalls calls, ClockComparison clocks) {
        super(store);
        this.store = store;
        this.settings = settings;
        this.calls = calls;
        this.clocks = clocks;
    }

    @Override
    public RevokeResult revoke(RevocationRequest request, Precondition precondition, Instant now) {
        try (OwnCall call = calls.begin()) {
            RevokeResult result = revokeOrGoOn(request, precondition, now);
            if (result instanceof RevokeResult.Recorded recorded) {
                List<Revocation> entries = List.of(recorded.entry());
                calls.answered(request);
                calls.acknowledged(entries, now);
                call.acknowledged(entries);
            } else if (result instanceof RevokeResult.CallerRevoked refused) {
                calls.learn(List.of(refused.by()), now);
            }
            return result;
        }
    }

    private RevokeResult revokeOrGoOn(RevocationRequest request, Precondition precondition, Instant now) {
        // A repeat of an act that the store has not answered must not get a later instant.
        RevocationRequest asked = calls.asFirstAsked(request);
        try {
            return store.revoke(asked, precondition, now);
        } catch (BeforeHorizonException e) {
            // This is an answer: nothing was written, and the clock is to blame.
            throw e;
        } catch (StoreUnavailableException e) {
            if (needsNoOne(request, precondition)) {
                // Not known to have happened, but no doubt wanted; the store hears of it until it answers.
                calls.unanswered(fixed(asked, now), precondition, now);
            }
            throw e;
        }
    }

    private RevocationRequest fixed(RevocationRequest request, Instant now) {
        if (request.fixed().isPresent()) {
            return request;
        }
        Instant applicable = calls.newestCutOff(request.target());
        return request.fixedAs(request.fix(now, settings, applicable, Optional.empty()));
    }

    /**
     * Whether a revocation is right whatever stands in the store: the host's word, or a caller's token or session
     * itself.
     */
    private static boolean needsNoOne(RevocationRequest request, Precondition precondition) {
        TokenFacts caller = precondition.caller().orElse(null);
        return caller == null
                || request.target().key().equals(caller.tokenKey())
                || request.target().key().equals(caller.sessionKey());
    }

    @Override
    public InsertResult insert(NewSession login, Instant now) {
        try (OwnCall call = calls.begin()) {
            InsertResult result = store.insert(login, now);
            if (result instanceof InsertResult.Inserted inserted) {
                List<Revocation> entries = inserted.ended().stream()
                        .flatMap(ended -> ended.coveredBy().stream())
                        .toList();
                calls.acknowledged(entries, now);
                call.acknowledged(entries);
            } else if (result instanceof InsertResult.Covered covered) {
                calls.learn(List.of(covered.by()), now);
            }
            return result;
        }
    }

    /** Before the answer is given, also if there is none: what this node keeps of the session may be old. */
    @Override
    public RotateResult rotate(SessionRef session, Rotation rotation, Instant now) {
        try {
            return store.rotate(session, rotation, now);
        } finally {
            if (rotation.leavesNotice()) {
                calls.exchanged(session);
            }
        }
    }

    @Override
    public List<Revocation> revocationsCovering(TokenFacts facts, Instant now) {
        List<Revocation> covering = store.revocationsCovering(facts, now);
        calls.learn(covering, now);
        return covering;
    }

    /**
     * The larger of what the store and this node know, in case that one of the store's partitions has lost a cut-off.
     */
    @Override
    public Instant newestCutOff(SubjectId subject, Instant now) {
        Instant stored = store.newestCutOff(subject, now);
        Instant known = calls.newestCutOff(subject);
        return stored.isBefore(known) ? known : stored;
    }

    @Override
    public void record(Collection<Revocation> entries, Instant now) {
        try (OwnCall call = calls.begin()) {
            store.record(entries, now);
            calls.add(entries, now);
            call.acknowledged(entries);
        }
    }

    @Override
    public PurgeResult purge(Instant now, int limit) {
        clocks.requireAgreement();
        return store.purge(now, limit);
    }
}
