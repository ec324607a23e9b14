package dev.curfew.session;

import java.util.Objects;

/**
 * How many live sessions a subject may have, and what a login beyond them does. Immutable.
 *
 * @param max at least 1
 * @param whenReached what happens to the login over the limit
 */
public record SessionLimit(int max, WhenReached whenReached) {
    /** What a login does when the limit is reached. */
    public enum WhenReached {
        /** The login is refused. */
        REFUSE,
        /** The sessions that began first are ended, so that the login fits. */
        END_OLDEST
    }

    /** Checks the number. */
    public SessionLimit {
        if (max < 1) {
            throw new IllegalArgumentException("session limit must be at least 1, and is " + max);
        }
        Objects.requireNonNull(whenReached, "whenReached");
    }

    /** {@return a limit that is never reached} */
    public static SessionLimit unlimited() {
        return new SessionLimit(Integer.MAX_VALUE, WhenReached.REFUSE);
    }

    /**
     * At most so many: a login beyond them is refused.
     *
     * @param max at least 1
     * @return the limit
     */
    public static SessionLimit refuseBeyond(int max) {
        return new SessionLimit(max, WhenReached.REFUSE);
    }

    /**
     * At most so many: a login beyond them ends the oldest.
     *
     * @param max at least 1
     * @return the limit
     */
    public static SessionLimit endOldestBeyond(int max) {
        return new SessionLimit(max, WhenReached.END_OLDEST);
    }

    /** {@return whether no number of sessions reaches it} */
    public boolean isUnlimited() {
        return max == Integer.MAX_VALUE;
    }
}
