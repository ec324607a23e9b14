package dev.curfew.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a call that cannot be answered as the caller wishes; holds nothing of the request. */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final Problem problem;
    private final boolean clearsCookies;
    private final Duration retryAfter;
    private final @Nullable String allow;
    private final transient @Nullable CallCount count;

    private Refusal(
            Problem problem,
            boolean clearsCookies,
            Duration retryAfter,
            @Nullable String allow,
            @Nullable CallCount count) {
        // A client's mistake is not worth a stack trace.
        super(problem.name(), null, false, false);
        this.problem = problem;
        this.clearsCookies = clearsCookies;
        this.retryAfter = retryAfter;
        this.allow = allow;
        this.count = count;
    }

    static Refusal of(Problem problem) {
        return new Refusal(problem, false, Duration.ZERO, null, null);
    }

    /** For a token that is worth nothing any more. */
    static Refusal clearingCookies(Problem problem) {
        return new Refusal(problem, true, Duration.ZERO, null, null);
    }

    static Refusal retryAfter(Problem problem, Duration delay) {
        return new Refusal(problem, false, delay, null, null);
    }

    static Refusal methodNotAllowed(String allow) {
        return new Refusal(Problem.METHOD_NOT_ALLOWED, false, Duration.ZERO, allow, null);
    }

    static Refusal tooManyCalls(CallCount count) {
        return retryAfter(Problem.TOO_MANY_CALLS, count.decision().retryAfter()).counted(count);
    }

    /** The same refusal of a call that was counted. */
    Refusal counted(CallCount counted) {
        return new Refusal(problem, clearsCookies, retryAfter, allow, counted);
    }

    /** The same refusal, which also takes away the cookies. */
    Refusal clearingCookies() {
        return new Refusal(problem, true, retryAfter, allow, count);
    }

    Problem problem() {
        return problem;
    }

    boolean clearsCookies() {
        return clearsCookies;
    }

    /** Zero if the answer does not tell when to come back. */
    Duration retryAfter() {
        return retryAfter;
    }

    /** The methods that there are, if the one that came is none of them. */
    @Nullable
    String allow() {
        return allow;
    }

    /** What the limiter said; null if it was not asked. */
    @Nullable
    CallCount count() {
        return count;
    }
}
