package dev.curfew.http;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.token.ReauthenticationRequiredException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The end of a call that cannot be answered as the caller wishes; holds nothing of the request. */
final class Rejection extends Exception {
    private static final long serialVersionUID = 1L;

    /** When to try again after an outage. */
    private static final Duration AFTER_OUTAGE = Duration.ofSeconds(2);

    private final ProblemType problem;
    private final Clearing clearing;
    private final Duration retryAfter;
    private final @Nullable String allow;
    private final transient @Nullable RefusalReason reason;
    private final transient @Nullable CallCount count;

    private Rejection(
            ProblemType problem,
            Clearing clearing,
            Duration retryAfter,
            @Nullable String allow,
            @Nullable RefusalReason reason,
            @Nullable CallCount count) {
        // A client's mistake is not worth a stack trace.
        super(problem.name(), null, false, false);
        this.problem = problem;
        this.clearing = clearing;
        this.retryAfter = retryAfter;
        this.allow = allow;
        this.reason = reason;
        this.count = count;
    }

    static Rejection of(ProblemType problem) {
        return retryAfter(problem, Duration.ZERO);
    }

    static Rejection retryAfter(ProblemType problem, Duration delay) {
        return new Rejection(problem, Clearing.NOTHING, delay, null, null, null);
    }

    /** A token that was revoked, or whose session was; without a reason if nobody knows it. */
    static Rejection revoked(@Nullable RevocationReason why) {
        Rejection rejection = of(ProblemType.TOKEN_INVALID);
        return why == null ? rejection : rejection.because(RefusalReason.of(why));
    }

    /** The person has to prove more. */
    static Rejection demanding(ReauthenticationRequiredException demand) {
        return of(ProblemType.AUTHENTICATION_INSUFFICIENT).because(RefusalReason.of(demand));
    }

    /** Nobody could say in time. */
    static Rejection unavailable() {
        return retryAfter(ProblemType.UNAVAILABLE, AFTER_OUTAGE);
    }

    static Rejection methodNotAllowed(String allow) {
        return new Rejection(ProblemType.METHOD_NOT_ALLOWED, Clearing.NOTHING, Duration.ZERO, allow, null, null);
    }

    static Rejection tooManyCalls(CallCount count) {
        return retryAfter(ProblemType.TOO_MANY_CALLS, count.decision().retryAfter())
                .counted(count);
    }

    /** The same rejection of a call that was counted. */
    Rejection counted(CallCount counted) {
        return new Rejection(problem, clearing, retryAfter, allow, reason, counted);
    }

    /** The same refusal, which also takes away cookies. */
    Rejection clearing(Clearing cookies) {
        return new Rejection(problem, cookies, retryAfter, allow, reason, count);
    }

    /** The same refusal, which says why. */
    Rejection because(RefusalReason why) {
        return new Rejection(problem, clearing, retryAfter, allow, why, count);
    }

    ProblemType problem() {
        return problem;
    }

    Clearing clearing() {
        return clearing;
    }

    /** Null if the caller may not know more than the problem. */
    @Nullable
    RefusalReason reason() {
        return reason;
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
