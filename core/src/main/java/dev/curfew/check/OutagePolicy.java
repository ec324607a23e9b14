package dev.curfew.check;

import dev.curfew.replica.IndexStatus;
import java.time.Duration;
import java.util.Objects;

/**
 * What a check answers while nobody can say whether a token is revoked. Immutable.
 *
 * <p>It applies to outages alone: the store was asked and did not answer. What is known to be revoked is refused
 * whatever the policy says, and {@link TokenRevocationChecker#requireFresh} knows no policy. Each answer that it gives
 * is an event and is counted.
 *
 * <p>A clock that is wrong is no outage. A check at an instant before a horizon, up to which the store or this node has
 * forgotten what was revoked, is refused whatever the policy says: else a clock that is set back would let pass what
 * was known to be revoked.
 */
public final class OutagePolicy {
    /** Requests are refused until the store answers again: the default. */
    public static final OutagePolicy DENY = new OutagePolicy("DENY", Duration.ZERO, false);

    /**
     * Requests pass, revoked or not, however long the outage lasts. For hosts that would rather serve a thief than
     * nobody; building the checker logs a warning.
     */
    public static final OutagePolicy ALLOW_REVOKED_TOKENS_DURING_OUTAGES =
            new OutagePolicy("ALLOW_REVOKED_TOKENS_DURING_OUTAGES", Duration.ZERO, true);

    private final String name;
    private final Duration maxAge;
    private final boolean allowsAll;

    private OutagePolicy(String name, Duration maxAge, boolean allowsAll) {
        this.name = name;
        this.maxAge = maxAge;
        this.allowsAll = allowsAll;
    }

    /**
     * Requests pass if their token was not revoked when this node last knew everything, and that is no longer ago than
     * stated. What is revoked elsewhere during the outage passes until then; a node that has only just started knows
     * nothing and refuses. It needs a replicated checker.
     *
     * @param maxAge how old the node's knowledge may be, positive; counted like {@link IndexStatus#age}, so that it
     *     includes the staleness that is allowed without an outage
     * @return the policy
     */
    public static OutagePolicy lastKnownGood(Duration maxAge) {
        Objects.requireNonNull(maxAge, "maxAge");
        if (maxAge.isNegative() || maxAge.isZero()) {
            throw new IllegalArgumentException("maxAge of the last known good must be positive, and is " + maxAge);
        }
        return new OutagePolicy("LAST_KNOWN_GOOD up to " + maxAge, maxAge, false);
    }

    /** How old the node's knowledge may be to be believed in an outage; zero if it is not asked for. */
    Duration maxAge() {
        return maxAge;
    }

    /** Whether it looks at what the node knew before the outage. */
    boolean usesLastKnownGood() {
        return !maxAge.isZero();
    }

    boolean allowsAll() {
        return allowsAll;
    }

    @Override
    public String toString() {
        return name;
    }
}
