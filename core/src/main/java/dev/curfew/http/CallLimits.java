package dev.curfew.http;

import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitKey;
import dev.curfew.ratelimit.RateLimitKey.Action;
import dev.curfew.ratelimit.RateLimiter;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.token.AuthenticToken;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts calls, so that nobody can use up the permits of somebody else. Thread-safe.
 *
 * <p>An authentic caller is counted by session, and for logging out by token, so that a thief with another token, revoked or not,
 * cannot keep the user from logging out. Bad tokens are counted by address, and
 * only after they were found to be bad, so that an address shared with an attacker locks nobody out.
 */
final class CallLimits {
    private static final Logger LOG = LoggerFactory.getLogger(CallLimits.class);
    private static final int MAX_ADDRESS = 64;

    private final RateLimiter limiter;
    private final Clock clock;

    CallLimits(RateLimiter limiter, Clock clock) {
        this.limiter = limiter;
        this.clock = clock;
    }

    void require(Action action, AuthenticToken caller) throws Refusal {
        RateLimitDecision decision = ask(new RateLimitKey(action, pseudonym(action, caller.facts())));
        if (!decision.isPermitted()) {
            throw tooMany(decision);
        }
    }

    /** Counts a call without a good token, and answers how to refuse it. */
    Refusal unauthenticated(EndpointRequest request, Problem problem) {
        Optional<RateLimitDecision> refused = request.clientAddress()
                .map(address -> address.substring(0, Math.min(address.length(), MAX_ADDRESS)))
                .map(address -> ask(new RateLimitKey(Action.UNAUTHENTICATED, address)))
                .filter(decision -> !decision.isPermitted());
        return refused.isPresent() ? tooMany(refused.get()) : Refusal.of(problem);
    }

    private RateLimitDecision ask(RateLimitKey key) {
        try {
            return limiter.tryAcquire(key, clock.instant());
        } catch (RuntimeException e) {
            LOG.error("rate limiter failed, the call passes", new RedactedException(e));
            return RateLimitDecision.permitted();
        }
    }

    /** Logging out counts for each token, so that a token that cannot end the session any more locks no other out. */
    private static String pseudonym(Action action, TokenFacts facts) {
        LookupKey token = Objects.requireNonNull(facts.tokenKey(), "facts of a token");
        LookupKey session = facts.sessionKey();
        return (action == Action.LOGOUT || session == null ? token : session).toString();
    }

    private static Refusal tooMany(RateLimitDecision decision) {
        return Refusal.retryAfter(Problem.TOO_MANY_CALLS, decision.retryAfter());
    }
}
