package dev.curfew.watch;

import dev.curfew.session.Session;
import dev.curfew.session.SessionRef;
import dev.curfew.token.Caller;
import dev.curfew.token.SessionCaller;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When time ends what is watched. Thread-safe.
 *
 * <p>The absolute end is that of the check. The idle end counts for who called with a session token alone, as in the
 * check; it moves with each sign of life, on whatever node, so that it is a time to ask the store at, and no more. It
 * is behind the row's own by the node skew: then no node, whatever its clock, can write a sign of life any more.
 */
final class WatchEnds {
    private final long absoluteMillis;
    private final @Nullable SessionRef idleSession;
    private final long nodeSkewMillis;
    private volatile long idleMillis;

    private WatchEnds(long absoluteMillis, @Nullable SessionRef idleSession, long idleEndMillis, long nodeSkewMillis) {
        this.absoluteMillis = absoluteMillis;
        this.idleSession = idleSession;
        this.nodeSkewMillis = nodeSkewMillis;
        this.idleMillis = idleSession == null ? Watch.NEVER : idleEndMillis + nodeSkewMillis;
    }

    static WatchEnds of(Caller caller, Instant absoluteEnd, Duration nodeSkew) {
        if (caller instanceof SessionCaller holder) {
            Session session = holder.currentSession();
            Instant idle = session.lastSeenAt().plus(session.idleTimeout());
            return new WatchEnds(absoluteEnd.toEpochMilli(), session.ref(), idle.toEpochMilli(), nodeSkew.toMillis());
        }
        return new WatchEnds(absoluteEnd.toEpochMilli(), null, Watch.NEVER, 0);
    }

    /** Whose idle end counts, or null. */
    @Nullable
    SessionRef idleSession() {
        return idleSession;
    }

    /** The next instant at which something is to be done. */
    long nextMillis() {
        return Math.min(absoluteMillis, idleMillis);
    }

    boolean isAbsolutelyOver(long nowMillis) {
        return nowMillis >= absoluteMillis;
    }

    boolean isIdle(long nowMillis) {
        return nowMillis >= idleMillis;
    }

    /** The session was seen, so that by its row it ends then. */
    void seen(Instant endOfRow) {
        if (idleSession != null) {
            idleMillis = endOfRow.toEpochMilli() + nodeSkewMillis;
        }
    }
}
