package dev.curfew.ratelimit;

import java.util.Objects;

/**
 * Whose permits are counted, and for what. Immutable.
 *
 * <p>Logging out has a bucket of its own for each subject, so that nobody else's calls, from the same address or not, can
 * lock a user's own logout out.
 *
 * @param action what is done
 * @param caller a pseudonym of the subject or the client's address; never a token
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
