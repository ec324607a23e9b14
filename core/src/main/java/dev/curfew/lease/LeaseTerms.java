package dev.curfew.lease;

import java.time.Duration;

/**
 * How long a lease is held and kept. Immutable.
 *
 * @param term how long it is held after each renewal
 * @param renewEvery after how long it is renewed, less than the term
 * @param nodeSkew by how much the clocks of nodes may differ
 * @param kept how long its state is remembered after the last renewal
 */
public record LeaseTerms(Duration term, Duration renewEvery, Duration nodeSkew, Duration kept) {
    private static final Duration TERM = Duration.ofSeconds(30);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(10);

    /** Checks that the terms can be kept. */
    public LeaseTerms {
        if (renewEvery.isNegative() || renewEvery.compareTo(term) >= 0 || nodeSkew.isNegative()) {
            throw new IllegalArgumentException(
                    "a lease of " + term + " cannot be renewed every " + renewEvery + " at a skew of " + nodeSkew);
        }
        if (kept.compareTo(term.plus(nodeSkew)) <= 0) {
            throw new IllegalArgumentException("the state of a lease of " + term + " is kept for longer than " + kept);
        }
    }

    /**
     * 30 seconds, renewed every 10.
     *
     * @param nodeSkew by how much the clocks of nodes may differ
     * @param kept how long the state is remembered after the last renewal
     * @return the terms
     */
    public static LeaseTerms usual(Duration nodeSkew, Duration kept) {
        return new LeaseTerms(TERM, RENEW_EVERY, nodeSkew, kept);
    }
}
