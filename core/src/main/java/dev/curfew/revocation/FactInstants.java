package dev.curfew.revocation;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants by which cut-offs judge a token or a session, in milliseconds. Immutable.
 *
 * @param began {@code min(auth_time, iat) - skew}, or what the session proves
 * @param issued {@code iat - skew}; {@link #NONE} if the session proves a better instant
 * @param authenticated {@code auth_time - skew}; {@link #NONE} if the id of the session proves a better instant
 */
record FactInstants(long began, long issued, long authenticated) {
    /** Stands for "no instant": earlier than every cut-off, so that comparisons fail closed. */
    private static final long NONE = Long.MIN_VALUE;

    /** Of a stored session. */
    static FactInstants stored(Instant authenticatedAt) {
        long began = authenticatedAt.toEpochMilli();
        return new FactInstants(began, NONE, began);
    }

    /** Of a token with a session id of ours, which says when the session began. */
    static FactInstants proven(Instant authenticatedAt) {
        return new FactInstants(authenticatedAt.toEpochMilli(), NONE, NONE);
    }

    /** Of a token whose claims are all that is known. */
    static FactInstants claimed(@Nullable Instant issuedAt, @Nullable Instant authenticatedAt, Duration skew) {
        long issued = minus(issuedAt, skew);
        long authenticated = minus(authenticatedAt, skew);
        return new FactInstants(earlierKnown(issued, authenticated), issued, authenticated);
    }

    Optional<Instant> whenBegan() {
        return began == NONE ? Optional.empty() : Optional.of(Instant.ofEpochMilli(began));
    }

    boolean beganBy(Instant cutOff) {
        return began <= cutOff.toEpochMilli();
    }

    boolean authenticatedBy(Instant cutOff) {
        return authenticated <= cutOff.toEpochMilli();
    }

    /** Whether the token was issued after a cut-off, so that only its login may be too old. */
    boolean isIssuedAfterOldLogin(Instant cutOff) {
        return authenticated != NONE && began == authenticated && issued > cutOff.toEpochMilli();
    }

    private static long minus(@Nullable Instant instant, Duration skew) {
        return instant == null ? NONE : instant.minus(skew).toEpochMilli();
    }

    private static long earlierKnown(long a, long b) {
        if (a == NONE) {
            return b;
        }
        return b == NONE ? a : Math.min(a, b);
    }
}
