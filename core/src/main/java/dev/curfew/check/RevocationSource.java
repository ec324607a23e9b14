package dev.curfew.check;

import dev.curfew.revocation.TokenFacts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Where a checker gets its answers: the store, or an index that is fed from it. Each question is answered with ACTIVE or REVOKED, with
 * {@link RevocationDecision#BEFORE_HORIZON}, or with null if nobody can say; none throws for an outage.
 */
interface RevocationSource {
    /** Decides by what is known, as old as the setting allows. */
    @Nullable
    RevocationDecision decide(TokenFacts facts, long nowMillis);

    /** Decides by what is known at some instant after this call. */
    @Nullable
    RevocationDecision decideFresh(TokenFacts facts, long nowMillis);

    /** Whether the store was asked and failed to answer, so that a policy for outages applies. */
    boolean isOutage();

    /**
     * Whether an instant lies before a horizon, as far as is known here: something was forgotten that counts at that instant. Then no
     * policy for outages may permit anything, because what was known to be revoked is not known any more.
     */
    boolean isBeforeHorizon(long nowMillis);

    /** Decides by what this node knows, and never waits. */
    @Nullable
    RevocationDecision decideWithoutWaiting(TokenFacts facts, long nowMillis);

    /**
     * Decides by what this node knew when it last knew everything, if that is no longer ago than stated, and never waits: REVOKED, or
     * UNKNOWN that permits.
     */
    @Nullable
    RevocationDecision decideByLastKnown(TokenFacts facts, long nowMillis, Duration maxAge);
}
