package dev.curfew.event;

/** What a subject can do too often. */
public enum SuspicionKind {
    /** The subject revoked, by its own acts, logouts included: somebody tidies up behind them. Counted: acts. */
    TERMINATIONS,
    /** The subject tried to revoke what is not its own: somebody guesses ids. Counted: attempts. */
    FOREIGN_IDS,
    /**
     * Revoked tokens of the subject were used: somebody tries out what they stole. Counted: uses, of which the checker
     * reports one a minute for each token. Uses of what a suspicion ended do not count, so that an action never leads
     * to the next one.
     */
    REVOKED_TOKENS,
    /**
     * The subject logged in from many places. Counted: IPv4 addresses and IPv6 networks (/64) of logins whose address
     * is known.
     */
    ADDRESSES
}
