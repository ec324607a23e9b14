package dev.curfew.store;

import dev.curfew.revocation.RevocationTarget;
import java.time.Instant;

/**
 * An extra ability of a {@link SessionStore}: to walk all sessions of a client or of a realm, and to count those that
 * live. For administrators, never in the way of a request. Implementations are thread-safe, and safe on every node at
 * once.
 *
 * <p>Both judge what covers a session, so that before the {@link SessionStore horizon} they throw a
 * {@link BeforeHorizonException}.
 */
public interface SessionsOfScope {
    /** The most rows of a page. */
    int MAX_LIMIT = 1_000;

    /**
     * The sessions of a client or a realm, live or not, in an order of the store. A session that stands there during
     * the whole walk is met exactly once; one that is added meanwhile may be missed. A row that cannot be read is left
     * out.
     *
     * <p>SQL stores take one round trip for a page of a client, by an index (without it they read the whole table), and
     * two for one of a realm, for which they read the rows of other realms as well. A walk through the one for Redis
     * looks into all of its 4,096 buckets, whatever is asked for: 64 a round trip to see which have rows, and further
     * round trips to read those. A page of it ends after some looking, so that it may be empty.
     *
     * @param clientOrRealm what to walk
     * @param from where to go on, of this store
     * @param limit the most rows, 1 to {@link #MAX_LIMIT}
     * @param now the instant of the operation
     * @return a page, which may have fewer rows although there are more
     * @throws IllegalArgumentException if the target is of another kind, the cursor of another store, or the limit out
     *     of range
     */
    ScopePage sessionsOf(RevocationTarget clientOrRealm, ScopeCursor from, int limit, Instant now);

    /**
     * How many sessions of the whole store live: time has not ended them, and no revocation covers them. Reads every
     * row once: seconds for a million, in a database up to half a minute. What begins or ends meanwhile may be counted
     * or not.
     *
     * @param now the instant of the operation
     * @return 0 or more
     */
    long countLive(Instant now);

    /**
     * Checks a target, for implementations.
     *
     * @param target of a walk
     * @return the same
     * @throws IllegalArgumentException if it is neither a client nor a realm
     */
    static RevocationTarget requireScope(RevocationTarget target) {
        if (target.kind() != RevocationTarget.Kind.CLIENT && target.kind() != RevocationTarget.Kind.REALM) {
            throw new IllegalArgumentException("a walk needs a client or a realm, not a " + target.kind());
        }
        return target;
    }

    /**
     * Checks a limit, for implementations.
     *
     * @param limit of a page
     * @return the same
     * @throws IllegalArgumentException if it is not 1 to {@link #MAX_LIMIT}
     */
    static int requireLimit(int limit) {
        return StoreArguments.requireLimit(limit, MAX_LIMIT);
    }
}
