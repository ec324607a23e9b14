package dev.curfew.session;

import java.time.Duration;

/**
 * How long a session may last: in all, and without activity. Either end is final. Immutable.
 *
 * @param absolute from its beginning to its end, whatever happens; positive, whole milliseconds
 * @param idle from the last activity to its end; positive, at most {@code absolute}
 */
public record SessionLifetimes(Duration absolute, Duration idle) {
    /** Checks both durations. */
    public SessionLifetimes {
        if (absolute.isNegative() || absolute.isZero() || idle.isNegative() || idle.isZero()) {
            throw new IllegalArgumentException(
                    "lifetimes: absolute " + absolute + " and idle " + idle + " must be positive");
        }
        if (idle.compareTo(absolute) > 0) {
            throw new IllegalArgumentException(
                    "lifetimes: idle must not exceed absolute, and they are " + idle + " and " + absolute);
        }
    }

    /**
     * Lifetimes of a host's own choice.
     *
     * @param absolute from its beginning to its end, whatever happens; positive, whole milliseconds
     * @param idle from the last activity to its end; positive, at most {@code absolute}
     * @return the lifetimes
     * @throws IllegalArgumentException if they are not
     */
    public static SessionLifetimes of(Duration absolute, Duration idle) {
        return new SessionLifetimes(absolute, idle);
    }

    /**
     * Demands that neither is longer than that: one login may shorten what is set for all of them, never lengthen it.
     *
     * @param longest what is set for all
     * @return this
     * @throws IllegalArgumentException if one of the two is longer; names both
     */
    public SessionLifetimes requireWithin(SessionLifetimes longest) {
        if (absolute.compareTo(longest.absolute) > 0 || idle.compareTo(longest.idle) > 0) {
            throw new IllegalArgumentException(String.format(
                    "lifetimes of a login: absolute %s, idle %s, but at most absolute %s, idle %s are set for all",
                    absolute, idle, longest.absolute, longest.idle));
        }
        return this;
    }

    /**
     * NIST SP 800-63B-4 §2.1.3: at most 30 days in all.
     *
     * @return 30 days, and 30 days idle
     */
    public static SessionLifetimes aal1() {
        return new SessionLifetimes(Duration.ofDays(30), Duration.ofDays(30));
    }

    /**
     * NIST SP 800-63B-4 §2.2.3: at most 24 hours in all, one hour without activity.
     *
     * @return 24 hours, and one hour idle
     */
    public static SessionLifetimes aal2() {
        return new SessionLifetimes(Duration.ofHours(24), Duration.ofHours(1));
    }

    /**
     * NIST SP 800-63B-4 §2.3.3: at most 12 hours in all, 15 minutes without activity.
     *
     * @return 12 hours, and 15 minutes idle
     */
    public static SessionLifetimes aal3() {
        return new SessionLifetimes(Duration.ofHours(12), Duration.ofMinutes(15));
    }
}
