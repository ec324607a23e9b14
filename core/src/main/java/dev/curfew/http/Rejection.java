package dev.curfew.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a call that cannot be answered as the caller wishes; holds nothing of the request. */
final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;

    /** When to try again after an outage. */
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(2);

    private final ProblemType problem;
    private final boolean clearsCookies;
    private final Duration retryAfter;
    private final @Nullable String allow;
    private final transient @Nullable CallCount count;

    private Rejection(
            ProblemType problem,
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

    static Rejection of(ProblemType problem) {
        return new Rejection(problem, false, Duration.ZERO, null, null);
    }

    /** For a token that is worth nothing any more. */
    static Rejection clearingCookies(ProblemType problem) {
        return new Rejection(problem, true, Duration.ZERO, null, null);
    }

    static Rejection retryAfter(ProblemType problem, Duration delay) {
        return new Rejection(problem, false, delay, null, null);
    }

    /** Nobody could say in time. */
    static Rejection unavailable() {
        return retryAfter(ProblemType.UNAVAILABLE, AFTER_OUTAGE);
    }

    static Rejection methodNotAllowed(String allow) {
        return new Rejection(ProblemType.METHOD_NOT_ALLOWED, false, Duration.ZERO, allow, null);
    }

    static Rejection tooManyCalls(CallCount count) {
        return retryAfter(ProblemType.TOO_MANY_CALLS, count.decision().retryAfter())
                .counted(count);
    }

    /** The same rejection of a call that was counted. */
    Rejection counted(CallCount counted) {
        return new Rejection(problem, clearsCookies, retryAfter, allow, counted);
    }

    /** The same refusal, which also takes away the cookies. */
    Rejection clearingCookies() {
        return new Rejection(problem, true, retryAfter, allow, count);
    }

    ProblemType problem() {
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
