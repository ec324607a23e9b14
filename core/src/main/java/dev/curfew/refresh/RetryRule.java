package dev.curfew.refresh;

import java.time.Duration;
import java.util.Objects;

/**
 * Who gets the successor of a refresh token once more when the answer to a refresh was lost. Immutable.
 *
 * <p>A refresh token can be exchanged once. Whoever presents it again is either an honest client that has not received
 * the answer, or a thief; the rule says how they are told apart. Everybody else who presents a token that was exchanged
 * ends the session.
 *
 * <table>
 * <caption>The rules</caption>
 * <tr><th>rule</th><th>who gets the same successor</th><th>honest clients with lost answers</th><th>a thief</th></tr>
 * <tr><td>{@link #sameAttempt()}</td><td>who repeats the attempt key of that refresh</td><td>stay signed in</td>
 *     <td>is detected at the next refresh of the other one</td></tr>
 * <tr><td>{@link #siblings}</td><td>nobody; for some seconds others are told to wait</td>
 *     <td>are signed out if the answer was lost</td><td>is detected, some seconds later</td></tr>
 * <tr><td>{@link #anyHolder}</td><td>every holder of the previous token</td><td>stay signed in within the window</td>
 *     <td>is <b>not</b> detected if it refreshes within the window</td></tr>
 * <tr><td>{@link #strict()}</td><td>nobody</td><td>are signed out</td><td>is detected</td></tr>
 * </table>
 *
 * @param holder who gets the same successor
 * @param window how long after the exchange, until the successor is used; zero for nobody
 * @param tolerance how long after the exchange another holder of the previous token is told to wait, and the session
 *     lives on; at most ten seconds
 */
public record RetryRule(Holder holder, Duration window, Duration tolerance) {
    /** The longest time for which siblings may be tolerated. */
    public static final Duration LONGEST_TOLERANCE = Duration.ofSeconds(10);

    /** The longest window of {@link #anyHolder}. */
    public static final Duration LONGEST_ANY_HOLDER = Duration.ofSeconds(60);

    /** The longest window of {@link #sameAttempt()}. */
    public static final Duration LONGEST_SAME_ATTEMPT = Duration.ofDays(1);

    /** Who gets the same successor. The codes are stored and never change their meaning. */
    public enum Holder {
        /** Nobody. */
        NOBODY(0),
        /** Who repeats the attempt key of that refresh. */
        SAME_ATTEMPT(1),
        /** Every holder of the previous token. */
        ANYBODY(2);

        private final int code;

        Holder(int code) {
            this.code = code;
        }

        /** {@return the number that is stored, 0 to 127} */
        public int code() {
            return code;
        }
    }

    /** Checks both durations, which are whole milliseconds. */
    public RetryRule {
        Objects.requireNonNull(holder, "holder");
        Duration longest = switch (holder) {
            case NOBODY -> Duration.ZERO;
            case SAME_ATTEMPT -> LONGEST_SAME_ATTEMPT;
            case ANYBODY -> LONGEST_ANY_HOLDER;
        };
        boolean isNone = holder == Holder.NOBODY;
        window = requireIn("window of " + holder, window, isNone ? Duration.ZERO : Duration.ofMillis(1), longest);
        tolerance = requireIn("tolerance of siblings", tolerance, Duration.ZERO, LONGEST_TOLERANCE);
    }

    /**
     * Who repeats the attempt key of a refresh gets the same successor, for an hour. What a client without a key gets
     * is {@link RefreshPolicy#withoutKey another rule}.
     *
     * @return the rule
     */
    public static RetryRule sameAttempt() {
        return new RetryRule(Holder.SAME_ATTEMPT, Duration.ofHours(1), Duration.ZERO);
    }

    /**
     * Nobody gets the successor again. A client that has not received the answer is signed out.
     *
     * @return the rule
     */
    public static RetryRule strict() {
        return new RetryRule(Holder.NOBODY, Duration.ZERO, Duration.ZERO);
    }

    /**
     * Nobody gets the successor again, but for a while others that hold the previous token are told to wait: tabs of
     * one browser that refresh at the same instant.
     *
     * @param tolerance at most ten seconds
     * @return the rule
     */
    public static RetryRule siblings(Duration tolerance) {
        return strict().orSiblings(tolerance);
    }

    /**
     * Every holder of the previous token gets the same successor for a while. A thief that refreshes within that time
     * is not detected: for clients that can be changed in no way.
     *
     * @param window at most a minute
     * @return the rule
     */
    public static RetryRule anyHolder(Duration window) {
        return new RetryRule(Holder.ANYBODY, window, Duration.ZERO);
    }

    /**
     * Sets for how long the same successor is answered.
     *
     * @param value of {@link #sameAttempt()} at most a day, of {@link #anyHolder} at most a minute
     * @return a changed copy
     */
    public RetryRule keepSuccessor(Duration value) {
        return new RetryRule(holder, value, tolerance);
    }

    /**
     * Tells other holders of the previous token to wait for a while, in place of ending the session.
     *
     * @param value at most ten seconds
     * @return a changed copy
     */
    public RetryRule orSiblings(Duration value) {
        return new RetryRule(holder, window, value);
    }

    /** {@return whether anybody may get the successor again} */
    public boolean keepsSuccessor() {
        return holder != Holder.NOBODY;
    }

    private static Duration requireIn(String what, Duration given, Duration least, Duration most) {
        if (given.compareTo(least) < 0 || given.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "the " + what + " is " + given + ": it must be " + least + " to " + most);
        }
        return Duration.ofMillis(given.toMillis());
    }
}
