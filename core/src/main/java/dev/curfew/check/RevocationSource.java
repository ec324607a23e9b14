package dev.curfew.check;

import dev.curfew.revocation.TokenFacts;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a checker gets its answers: the store, or an index that is fed from it.
 */
interface RevocationSource {
    /**
     * Decides from what it knows. Never throws for an outage.
     *
     * @return ACTIVE or REVOKED, or nothing if it cannot say
     */
    Optional<RevocationDecision> decide(TokenFacts facts, Instant now);
}
