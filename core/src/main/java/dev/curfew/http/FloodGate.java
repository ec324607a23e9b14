package dev.curfew.http;

import dev.curfew.quota.Remembered;
import dev.curfew.ratelimit.RateLimitDecision;
import dev.curfew.ratelimit.RateLimitDecision.Quota;
import dev.curfew.session.LookupKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps floods of random tokens from the store: only the store can tell whether a well-formed one is good. Thread-safe.
 *
 * <p>A network that has used up what it may send of bad tokens is held back until the limiter would permit one more.
 * What this node has lately found to be good passes all the same, so that an attacker behind the same address locks
 * nobody out who is at work. Each node remembers for itself.
 */
final class FloodGate {
    private static final int MOST_NETWORKS = 10_000;
    private static final int MOST_TOKENS = 100_000;
    private static final Duration GOOD_FOR = Duration.ofMinutes(10);

    /** A limiter may say "for ever". */
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    private final Remembered<String> heldBack = new Remembered<>(MOST_NETWORKS);
    private final Remembered<LookupKey> good = new Remembered<>(MOST_TOKENS);

    /** How long the network is to wait before the store is asked for this token; nothing if it may be asked now. */
    Optional<Duration> wait(String network, LookupKey token, Instant now) {
        return heldBack.left(network, now).filter(left -> good.left(token, now).isEmpty());
    }

    /** The token was found to be good. */
    void good(LookupKey token, Instant now) {
        good.keep(token, now, GOOD_FOR);
    }

    /** A bad token came from that network, and the limiter has said this. */
    void bad(String network, RateLimitDecision decision, Instant now) {
        Duration hold = hold(decision);
        if (!hold.isZero()) {
            heldBack.keep(network, now, hold.compareTo(LONGEST_HOLD) < 0 ? hold : LONGEST_HOLD);
        }
    }

    /** The last permit is as good as none: the next bad token would be one too many. */
    private static Duration hold(RateLimitDecision decision) {
        return decision.isPermitted()
                ? decision.quota()
                        .filter(quota -> quota.remaining() == 0)
                        .map(Quota::reset)
                        .orElse(Duration.ZERO)
                : decision.retryAfter();
    }
}
