package dev.curfew.replica;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationSource;
import dev.curfew.revocation.TokenFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Answers from the node's index while that is fresh. What is revoked there is revoked however old the index is; for the
 * rest, an index that is too old is caught up first, and one that is not complete leaves the answer to the store:
 * before its first load has ended, or because it has forgotten something by a clock that was set back since.
 * Thread-safe.
 */
final class IndexSource implements RevocationSource {
    private final RevocationIndex index;
    private final Freshness freshness;
    private final FeedTailer tailer;
    private final RevocationSource store;
    private final NodeTime time;
    private final Duration patience;

    IndexSource(RevocationIndex index, FeedTailer tailer, RevocationSource store, NodeTime time, Duration patience) {
        this.index = index;
        this.tailer = tailer;
        this.freshness = tailer.freshness();
        this.store = store;
        this.time = time;
        this.patience = patience;
    }

    @Override
    public @Nullable RevocationDecision decide(TokenFacts facts, long nowMillis) {
        RevocationDecision decision = decideWithoutWaiting(facts, nowMillis);
        return decision != null ? decision : caughtUp(facts, nowMillis);
    }

    @Override
    public @Nullable RevocationDecision decideFresh(TokenFacts facts, long nowMillis) {
        RevocationDecision revoked = index.find(facts, nowMillis);
        return revoked != null ? revoked : caughtUpFromNow(facts, nowMillis);
    }

    @Override
    public @Nullable RevocationDecision decideWithoutWaiting(TokenFacts facts, long nowMillis) {
        return decide(facts, nowMillis, nowMillis);
    }

    @Override
    public @Nullable RevocationDecision decideByLastKnown(TokenFacts facts, long nowMillis, Duration maxAge) {
        Duration age = freshness.age(time.millis());
        RevocationDecision revoked = index.find(facts, nowMillis);
        if (revoked != null) {
            return revoked;
        }
        return age.compareTo(maxAge) <= 0 && index.knowsBirthOf(facts) ? RevocationDecision.lastKnownGood(age) : null;
    }

    @Override
    public boolean isBeforeHorizon(long nowMillis) {
        Horizon known = index.horizon();
        return known.isBeforeOwn(nowMillis) || known.isBeforeStored(nowMillis);
    }

    /** Only a failed read is an outage, not that nothing was read yet. */
    @Override
    public boolean isOutage() {
        return tailer.lastError().isPresent();
    }

    /**
     * Freshness is asked first: what is found afterwards is at least as new as it says. After a wait it is asked at a
     * later instant than the one at which the call began and the token was found to be within its time; entries are
     * judged at that.
     */
    private @Nullable RevocationDecision decide(TokenFacts facts, long nowMillis, long freshAtMillis) {
        boolean isFresh = freshness.isFresh(freshAtMillis);
        Horizon known;
        do {
            known = index.horizon();
            RevocationDecision revoked = index.find(facts, nowMillis);
            if (revoked != null) {
                return revoked;
            }
        } while (known != index.horizon());
        if (known.isBeforeOwn(nowMillis)) {
            if (tailer.isFollowing()) {
                // Else it loads already, or waits on purpose until it does.
                tailer.hurry();
            }
            return null;
        }
        if (!isFresh || !index.knowsBirthOf(facts)) {
            return null;
        }
        return known.isBeforeStored(nowMillis) ? RevocationDecision.BEFORE_HORIZON : index.active();
    }

    /** Whether the index holds all that there is to know at that instant, or the store has to be asked. */
    private boolean isComplete(long nowMillis) {
        return tailer.isFollowing() && !index.horizon().isBeforeOwn(nowMillis);
    }

    /** The read that is under way may have been sent too long ago itself; then the next one decides. */
    private @Nullable RevocationDecision caughtUp(TokenFacts facts, long nowMillis) {
        if (!isComplete(nowMillis)) {
            return store.decide(facts, nowMillis);
        }
        if (!tailer.catchUp(patience)) {
            return null;
        }
        RevocationDecision decision = decide(facts, nowMillis, time.millis());
        return decision != null ? decision : caughtUpFromNow(facts, nowMillis);
    }

    private @Nullable RevocationDecision caughtUpFromNow(TokenFacts facts, long nowMillis) {
        if (!isComplete(nowMillis)) {
            return store.decide(facts, nowMillis);
        }
        return tailer.catchUpFromNow(patience) ? decide(facts, nowMillis, time.millis()) : null;
    }
}
