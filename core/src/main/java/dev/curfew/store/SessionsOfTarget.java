package dev.curfew.store;

import dev.curfew.revocation.RevocationTarget;
import java.time.Instant;

/**
 * An extra ability of a {@link SessionStore}: to find the sessions that a revocation names, when nobody knows their
 * names any more. Implementations are thread-safe.
 *
 * <p>A node that starts uses it to tell again what was ended shortly before, because the node that ended it may have
 * crashed before it told anybody.
 */
public interface SessionsOfTarget {
    /**
     * The rows of a session or of a subject, live or not, as {@link SessionStore#find} and {@link SessionStore#list}
     * answer them. One round trip.
     *
     * @param target a session, a foreign session or a subject
     * @param query which, and from where on
     * @param now the instant of the operation
     * @return a page; empty as well if nobody knows where a foreign session is to be found
     * @throws IllegalArgumentException if the target is of another kind
     */
    SessionPage sessionsOf(RevocationTarget target, ListQuery query, Instant now);
}
