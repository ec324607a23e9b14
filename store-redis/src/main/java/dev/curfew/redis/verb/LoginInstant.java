package dev.curfew.redis.verb;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenFacts;
import java.time.Instant;

/**
 * Finds, by asking the rule, from which {@code issuedBefore} on the revocation of a foreign session covers some facts.
 *
 * <p>Facts do not show that instant; the scripts need it as a number. It lies at or after the begin, because a begin is
 * the earlier of two instants, and the rule is monotonic in it, so that a search by halves finds it.
 */
public final class LoginInstant {
    private static final long BEFORE_ALL = -1;

    private LoginInstant() {}

    public static long of(TokenFacts facts) {
        if (facts.sessionKey() == null || covers(facts, BEFORE_ALL)) {
            return BEFORE_ALL;
        }
        long began = facts.began().map(Instant::toEpochMilli).orElse(0L);
        if (covers(facts, began)) {
            return began;
        }
        long low = Math.max(BEFORE_ALL, began);
        long high = Revocation.NEVER.toEpochMilli();
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (covers(facts, middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private static boolean covers(TokenFacts facts, long issuedBefore) {
        return Revocation.of(new RevocationTarget(
                        RevocationTarget.Kind.FOREIGN_SESSION,
                        java.util.Objects.requireNonNull(facts.sessionKey()),
                        facts.realmKey(),
                        RevocationTarget.EVERYWHERE))
                .revokedAt(Instant.EPOCH)
                .issuedBefore(Instant.ofEpochMilli(issuedBefore))
                .forgetAfter(Revocation.NEVER)
                .build()
                .covers(facts);
    }
}
