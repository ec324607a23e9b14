package dev.curfew.ratelimit;

import java.util.Objects;

/**
 * Whose permits are counted, and for what. Immutable.
 *
 * <p>Authentic calls are counted for each session, so that nobody else's calls, from the same address or with another token of
 * the same subject, can lock a user's own logout out. Logging out is counted for each token.
 *
 * @param action what is done
 * @param caller a pseudonym of the token or its session, or the client's address
 */
public record RateLimitKey(Action action, String caller) {
    /** What is limited; each has its own permits. */
    public enum Action {
        /** Ending the current session. */
        LOGOUT,
        /** Ending other sessions. */
        REVOKE,
        /** Reading the list of sessions. */
        LIST,
        /** Calls without a valid token, counted for each client address. */
        UNAUTHENTICATED
    }

    /** Checks that nothing is missing. */
    public RateLimitKey {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(caller, "caller");
    }
}
