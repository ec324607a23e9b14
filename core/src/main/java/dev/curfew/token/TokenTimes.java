package dev.curfew.token;

import dev.curfew.jose.NumericDate;
import dev.curfew.token.InvalidTokenException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The instants of a token, and what the clock says about them. Immutable.
 *
 * @param issuedAt the {@code iat} claim
 * @param expiresAt the {@code exp} claim
 * @param notBefore the {@code nbf} claim, or null
 * @param authenticatedAt the {@code auth_time} claim, or null
 */
record TokenTimes(
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant notBefore,
        @Nullable Instant authenticatedAt) {
    private static final Duration ONE_MILLI = Duration.ofMillis(1);

    /** Reads the instants, and checks what does not depend on the clock. */
    static TokenTimes read(Map<String, ? extends @Nullable Object> claims, TokenPolicy policy) {
        TokenTimes times = new TokenTimes(
                required(claims, "iat"),
                required(claims, "exp"),
                optional(claims, "nbf"),
                optional(claims, "auth_time"));
        if (times.expiresAt.isBefore(times.issuedAt)) {
            throw refused("exp is before iat");
        }
        // Exactly at the limit is allowed.
        if (times.expiresAt.isAfter(times.issuedAt.plus(policy.longest()))) {
            throw refused("lives longer than maxTokenLifetime, " + policy.maxTokenLifetime());
        }
        return times;
    }

    /**
     * The first instant at which nothing of it lies in the future by more than the skew, nor its end further away than
     * any token may live: else it would outlive a cut-off, or open something before its time.
     */
    Instant usableFrom(TokenPolicy policy) {
        Instant latest = later(later(issuedAt, notBefore), authenticatedAt).minus(policy.skew());
        return later(latest, expiresAt.minus(policy.longest()));
    }

    /** Why it is not usable yet at an instant before {@link #usableFrom}. */
    InvalidTokenException notBegun(Instant now, TokenPolicy policy) {
        Instant latest = now.plus(policy.skew());
        // Exactly at the latest instant is allowed.
        if (notBefore != null && notBefore.isAfter(latest)) {
            return new InvalidTokenException(Reason.NOT_YET_VALID, "nbf is in the future");
        }
        if (issuedAt.isAfter(latest)) {
            return refused("iat is in the future by more than the skew, " + policy.skew()
                    + ": the clock of the issuer or" + " of this machine is wrong");
        }
        if (authenticatedAt != null && authenticatedAt.isAfter(latest)) {
            return refused("auth_time is in the future");
        }
        return refused("exp is too far in the future");
    }

    /** At {@code exp + skew} it is expired; so it is when it is older than the policy lets any token become. */
    Instant usableUntil(TokenPolicy policy) {
        Instant end = expiresAt.plus(policy.skew());
        // Exactly as old as that is allowed.
        Instant old = issuedAt.plus(policy.longest()).plusNanos(1);
        return end.isBefore(old) ? end : old;
    }

    private static Instant later(Instant one, @Nullable Instant other) {
        return other == null || other.isBefore(one) ? one : other;
    }

    /** Rounded up: what is forgotten a fraction too early would come back for that fraction. */
    Instant forgetAfter(TokenPolicy policy) {
        Instant end = expiresAt.plus(policy.skew());
        Instant floor = end.truncatedTo(ChronoUnit.MILLIS);
        return floor.equals(end) ? end : floor.plus(ONE_MILLI);
    }

    private static Instant required(Map<String, ? extends @Nullable Object> claims, String name) {
        Instant instant = optional(claims, name);
        if (instant == null) {
            throw refused(name + " is missing");
        }
        return instant;
    }

    /** An explicit JSON null is not an absent claim: it is not a number. */
    private static @Nullable Instant optional(Map<String, ? extends @Nullable Object> claims, String name) {
        if (!claims.containsKey(name)) {
            return null;
        }
        return NumericDate.read(claims.get(name))
                .orElseThrow(() -> refused(name + " is not a number of seconds in a sane range"));
    }

    private static InvalidTokenException refused(String detail) {
        return new InvalidTokenException(Reason.TIMES, detail);
    }
}
