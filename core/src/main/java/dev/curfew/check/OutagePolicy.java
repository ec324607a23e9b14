package dev.curfew.check;

/**
 * What a check answers while nobody can say whether a token is revoked. Immutable.
 */
public enum OutagePolicy {
    /** Requests are refused until the store answers again: the default. */
    DENY,
    /**
     * Requests pass, revoked or not. For hosts that would rather serve a thief than nobody; each such answer is an event, and
     * building the checker logs a warning.
     */
    ALLOW_REVOKED_TOKENS_DURING_OUTAGES
}
