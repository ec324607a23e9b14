package dev.curfew.check;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a checker gets its answers: the store, or an index that is fed from it. Thread-safe.
 *
 * <p>Each question is answered with ACTIVE or REVOKED, with {@link RevocationDecision#BEFORE_HORIZON}, or with null if
 * nobody can say; none throws for an outage. Instants are milliseconds of the epoch.
 */
public interface RevocationSource {
    /**
     * A source that asks the store for each token, at one round trip each.
     *
     * @param store opened
     * @param maxInFlight how many questions may be at work at a time, positive
     * @param patience how long one waits for its turn
     * @return a source that remembers nothing
     */
    static RevocationSource ofStore(SessionStore store, int maxInFlight, Duration patience) {
        return new StoreSource(store, maxInFlight, patience);
    }

    /**
     * Decides by what is known, as old as the setting allows.
     *
     * @param facts of a verified token
     * @param nowMillis the instant of the check
     * @return the decision, or null
     */
    @Nullable
    RevocationDecision decide(TokenFacts facts, long nowMillis);

    /**
     * Decides by what is known at some instant after this call.
     *
     * @param facts of a verified token
     * @param nowMillis the instant of the check
     * @return the decision, or null
     */
    @Nullable
    RevocationDecision decideFresh(TokenFacts facts, long nowMillis);

    /**
     * Decides by what this node knows, and never waits.
     *
     * @param facts of a verified token
     * @param nowMillis the instant of the check
     * @return the decision, or null
     * @throws IllegalStateException if this node knows nothing by itself
     */
    @Nullable
    RevocationDecision decideWithoutWaiting(TokenFacts facts, long nowMillis);

    /**
     * Decides by what this node knew when it last knew everything, if that is no longer ago than stated, and never
     * waits.
     *
     * @param facts of a verified token
     * @param nowMillis the instant of the check
     * @param maxAge how long ago
     * @return REVOKED, UNKNOWN that permits, or null
     * @throws IllegalStateException if this node knows nothing by itself
     */
    @Nullable
    RevocationDecision decideByLastKnown(TokenFacts facts, long nowMillis, Duration maxAge);

    /**
     * Whether the store was asked and failed to answer, so that a policy for outages applies.
     *
     * @return true until it answers again
     */
    boolean isOutage();

    /**
     * Whether an instant lies before a horizon, as far as is known here: something was forgotten that counts at that
     * instant. Then no policy for outages may permit anything, because what was known to be revoked is not known any
     * more.
     *
     * @param nowMillis the instant of the check
     * @return true if nobody can say any more
     */
    boolean isBeforeHorizon(long nowMillis);
}
