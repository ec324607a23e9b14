package dev.curfew.token;

import dev.curfew.jose.Algorithm;
import dev.curfew.token.EventTokenPolicy.Profile;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an event policy demands of a message, whoever its issuer is and whatever its keys are. Immutable.
 *
 * @param profile what it must be
 * @param algorithms that may be in {@code alg}
 * @param audience that {@code aud} must name, or null if it is not asked
 * @param times how its instants are judged
 * @param dialect which deviations are accepted or refused
 */
record EventRules(
        Profile profile,
        Set<Algorithm> algorithms,
        @Nullable String audience,
        Times times,
        Dialect dialect) {
    private static final int KIB = 1024;

    EventRules {
        algorithms = EnumSet.copyOf(algorithms);
    }

    /**
     * How instants are judged.
     *
     * @param skew how far the issuer's clock and ours may differ
     * @param maxLifetime from {@code iat} to {@code exp}, skew aside; only of short-lived profiles
     * @param acceptMissingExp whether a logout token may lack {@code exp} while it is young
     */
    record Times(Duration skew, Duration maxLifetime, boolean acceptMissingExp) {}

    /**
     * Deviations.
     *
     * @param strict whether a logout token must be typed
     * @param lenient whether {@code sub} and {@code exp} of a security event are passed over
     * @param legacySubject whether the subject of a security event may stand inside the event
     */
    record Dialect(boolean strict, boolean lenient, boolean legacySubject) {}

    Duration skew() {
        return times.skew();
    }

    /** In characters of the whole text. */
    int maxLength() {
        return switch (profile) {
            case LOGOUT, CLIENT_ASSERTION, REVOCATION_ASSERTION -> 16 * KIB;
            case SECURITY_EVENT -> 64 * KIB;
            case STATUS_LIST -> KIB * KIB;
        };
    }

    static boolean isShortLived(Profile profile) {
        return profile != Profile.SECURITY_EVENT && profile != Profile.STATUS_LIST;
    }

    static Duration usualLifetime(Profile profile) {
        return profile == Profile.LOGOUT ? Duration.ofHours(1) : Duration.ofMinutes(5);
    }
}
