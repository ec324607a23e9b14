package dev.curfew.replica;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.LookupKey;
import dev.curfew.store.BeforeHorizonException;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import dev.curfew.store.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Acts that the store did not answer, and that this node goes on recording, each under its own name and with the
 * instants that it had at the call: so that whoever repeats one is told what it did, and ends nothing that began since.
 * Thread-safe; one records.
 */
final class UnansweredActs {
    private record Act(RevocationRequest request, Precondition precondition) {
        Revocation entry() {
            return request.fixed().orElseThrow();
        }
    }

    private final SessionStore store;
    private final int most;
    private final ConcurrentHashMap<LookupKey, Act> acts = new ConcurrentHashMap<>();

    /** The first act upon each token, session or key: one that asks for no more does nothing, here as in a store. */
    private final ConcurrentHashMap<RevocationTarget, Act> firsts = new ConcurrentHashMap<>();

    UnansweredActs(SessionStore store, int most) {
        this.store = store;
        this.most = most;
    }

    /**
     * Takes an act whose instants are fixed; one that it has already keeps its own. Answers false if there is no room.
     */
    boolean add(RevocationRequest fixed, Precondition precondition) {
        if (acts.containsKey(fixed.act())) {
            return true;
        }
        Act act = new Act(fixed, precondition);
        if (isByIdentity(fixed.target())) {
            Act first = firsts.putIfAbsent(fixed.target(), act);
            if (first != null && first.entry().supersedes(act.entry())) {
                return true;
            }
        }
        if (acts.size() >= most) {
            firsts.remove(fixed.target(), act);
            return false;
        }
        acts.put(fixed.act(), act);
        return true;
    }

    /** The same act with its instants, if it has it. */
    Optional<RevocationRequest> find(LookupKey name) {
        return Optional.ofNullable(acts.get(name)).map(Act::request);
    }

    /** The store has answered this act. */
    void answered(LookupKey name) {
        Act done = acts.remove(name);
        if (done != null) {
            firsts.remove(done.request().target(), done);
        }
    }

    private static boolean isByIdentity(RevocationTarget target) {
        return !target.kind().dependsOnInstant();
    }

    int size() {
        return acts.size();
    }

    /**
     * Records some; answers what stands in the store for them. If the store fails, those recorded by then are not asked
     * for again.
     */
    List<Revocation> flush(int limit, Instant now) {
        List<Revocation> standing = new ArrayList<>();
        for (Act act : acts.values().stream().limit(limit).toList()) {
            standing.add(record(act, now));
            answered(act.request().act());
        }
        return standing;
    }

    /**
     * What was right at the call is recorded, also if the caller was revoked since; only the count is then that of the
     * store.
     */
    private Revocation record(Act act, Instant now) {
        RevokeResult result;
        try {
            result = store.revoke(act.request(), act.precondition(), now);
        } catch (BeforeHorizonException e) {
            result = new RevokeResult.NotOwned();
        }
        return result instanceof RevokeResult.Recorded recorded
                ? recorded.entry()
                : ((RevokeResult.Recorded) store.revoke(act.request(), Precondition.none(), now)).entry();
    }
}
