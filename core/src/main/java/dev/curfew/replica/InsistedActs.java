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
final class InsistedActs {
    private record Insisted(RevocationRequest request, Precondition precondition) {
        Revocation entry() {
            return request.fixed().orElseThrow();
        }
    }

    private final SessionStore store;
    private final int most;
    private final ConcurrentHashMap<LookupKey, Insisted> acts = new ConcurrentHashMap<>();

    /** The first act upon each token, session or key: one that asks for no more does nothing, here as in a store. */
    private final ConcurrentHashMap<RevocationTarget, Insisted> firsts = new ConcurrentHashMap<>();

    InsistedActs(SessionStore store, int most) {
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
        Insisted insisted = new Insisted(fixed, precondition);
        if (isByIdentity(fixed.target())) {
            Insisted first = firsts.putIfAbsent(fixed.target(), insisted);
            if (first != null && first.entry().supersedes(insisted.entry())) {
                return true;
            }
        }
        if (acts.size() >= most) {
            firsts.remove(fixed.target(), insisted);
            return false;
        }
        acts.put(fixed.act(), insisted);
        return true;
    }

    /** The same act with its instants, if it has it. */
    Optional<RevocationRequest> find(LookupKey act) {
        return Optional.ofNullable(acts.get(act)).map(Insisted::request);
    }

    /** The store has answered this act. */
    void answered(LookupKey act) {
        Insisted done = acts.remove(act);
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
    List<Revocation> tell(int limit, Instant now) {
        List<Revocation> standing = new ArrayList<>();
        for (Insisted insisted : acts.values().stream().limit(limit).toList()) {
            standing.add(record(insisted, now));
            answered(insisted.request().act());
        }
        return standing;
    }

    /**
     * What was right at the call is recorded, also if the caller was revoked since; only the count is then that of the
     * store.
     */
    private Revocation record(Insisted insisted, Instant now) {
        RevokeResult result;
        try {
            result = store.revoke(insisted.request(), insisted.precondition(), now);
        } catch (BeforeHorizonException e) {
            result = new RevokeResult.NotOwned();
        }
        return result instanceof RevokeResult.Recorded recorded
                ? recorded.entry()
                : ((RevokeResult.Recorded) store.revoke(insisted.request(), Precondition.none(), now)).entry();
    }
}
