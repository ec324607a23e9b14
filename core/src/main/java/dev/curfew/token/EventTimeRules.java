package dev.curfew.token;

import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.InvalidEventTokenException.Reason;
import java.time.Duration;
import java.time.Instant;

/**
 * How the instants of a message are judged. Immutable.
 *
 * @param rules of the policy
 */
record EventTimeRules(EventRules rules) {
    /** What a logout token without an end of its own may be, as Back-Channel Logout section 4 recommends for one. */
    private static final Duration YOUNG = Duration.ofMinutes(2);

    EventContent.Times read(EventClaims claims, Instant now) {
        claims.optionalPast("nbf");
        return switch (rules.profile()) {
            case LOGOUT -> logout(claims, now);
            case SECURITY_EVENT -> securityEvent(claims);
            case STATUS_LIST -> statusList(claims, now);
            case CLIENT_ASSERTION, REVOCATION_ASSERTION -> assertion(claims, now);
        };
    }

    private EventContent.Times logout(EventClaims claims, Instant now) {
        Instant issuedAt = claims.requiredPast("iat");
        Instant expiresAt = claims.optionalInstant("exp");
        if (expiresAt != null) {
            requireShort(issuedAt, expiresAt);
            requireUnexpired(expiresAt, now);
        } else if (!rules.times().acceptMissingExp()) {
            throw refused(Reason.TIMES, "exp is missing, which acceptMissingExp() would accept of a young token");
        } else {
            requireUnexpired(issuedAt.plus(YOUNG), now);
        }
        return new EventContent.Times(issuedAt, expiresAt, null);
    }

    private EventContent.Times securityEvent(EventClaims claims) {
        if (!rules.dialect().lenient()) {
            claims.forbid("exp");
        }
        return new EventContent.Times(claims.requiredPast("iat"), null, claims.optionalPast("toe"));
    }

    private EventContent.Times statusList(EventClaims claims, Instant now) {
        Instant issuedAt = claims.requiredPast("iat");
        Instant expiresAt = claims.optionalInstant("exp");
        if (expiresAt != null) {
            requireUnexpired(expiresAt, now);
        }
        return new EventContent.Times(issuedAt, expiresAt, null);
    }

    /** RFC 7523 leaves {@code iat} out of what a client must send; the longest lifetime then counts from now. */
    private EventContent.Times assertion(EventClaims claims, Instant now) {
        Instant expiresAt = claims.optionalInstant("exp");
        if (expiresAt == null) {
            throw refused(Reason.TIMES, "exp is missing");
        }
        Instant issuedAt =
                rules.profile() == Profile.CLIENT_ASSERTION ? claims.optionalPast("iat") : claims.requiredPast("iat");
        if (issuedAt == null) {
            issuedAt = expiresAt.minus(rules.times().maxLifetime());
            if (issuedAt.isAfter(claims.latest())) {
                throw refused(Reason.TIMES, tooLong());
            }
        }
        requireShort(issuedAt, expiresAt);
        requireUnexpired(expiresAt, now);
        return new EventContent.Times(issuedAt, expiresAt, null);
    }

    private void requireShort(Instant issuedAt, Instant expiresAt) {
        if (expiresAt.isBefore(issuedAt)) {
            throw refused(Reason.TIMES, "exp is before iat");
        }
        // Exactly at the limit is allowed.
        if (expiresAt.isAfter(issuedAt.plus(rules.times().maxLifetime()).plus(rules.skew()))) {
            throw refused(Reason.TIMES, tooLong());
        }
    }

    /** At {@code exp + skew} it is expired. */
    private void requireUnexpired(Instant expiresAt, Instant now) {
        if (!now.isBefore(expiresAt.plus(rules.skew()))) {
            throw refused(Reason.EXPIRED, "its time is over");
        }
    }

    private String tooLong() {
        return "lives longer than maxLifetime, " + rules.times().maxLifetime();
    }

    private static InvalidEventTokenException refused(Reason reason, String detail) {
        return new InvalidEventTokenException(reason, detail);
    }
}
