package dev.curfew.ratelimit;

import java.util.Objects;

/**
 * Whose permits are counted, and for what. Immutable.
 *
 * <p>Lists, names, and sessions that are ended one by one, are counted for each subject at each network of a client:
 * neither a thief elsewhere nor a neighbour behind the same address uses up a person's permits. Ending all other
 * sessions is counted for each session, and logging out for each token, so that nobody can lock a person out of either.
 *
 * @param action what is done
 * @param caller a pseudonym of whoever is counted; for {@link Action#UNAUTHENTICATED} the client's network in clear, an
 *     IPv4 address or the /64 of an IPv6 address
 */
public record RateLimitKey(Action action, String caller) {
    /** What is limited; each has its own permits. */
    public enum Action {
        /** Ending the current session. */
        LOGOUT,
        /** Ending other sessions. */
        REVOKE,
        /** Reading the list of sessions, and naming those in it. */
        LIST,
        /** Calls without a valid token, counted for each client's network. */
        UNAUTHENTICATED
    }

    /** Checks that nothing is missing. */
    public RateLimitKey {
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(caller, "caller");
    }
}
