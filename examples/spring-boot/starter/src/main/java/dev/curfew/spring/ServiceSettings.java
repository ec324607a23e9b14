package dev.curfew.spring;

import dev.curfew.SessionServiceBuilder;
import dev.curfew.check.OutagePolicy;
import dev.curfew.crypto.KeyRing;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.util.regex.Pattern;

/** What the properties say about the session service. */
final class ServiceSettings {
    /** All tabs of a browser share a cookie. */
    private static final Duration TABS = RetryRule.LONGEST_TOLERANCE;

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int POLLS_IN_STALENESS = 3;

    private static final Pattern KEY_ID = Pattern.compile("[a-z0-9-]+");

    private ServiceSettings() {}

    static void apply(CurfewProperties properties, SessionServiceBuilder service) {
        CurfewProperties.Session session = properties.session();
        service.lifetimes(SessionLifetimes.of(session.absolute(), session.idle()))
                .duringOutages(outagePolicy(properties.checks()));
        if (session.limit() > 0) {
            service.sessionLimit(SessionLimit.endOldestBeyond(session.limit()));
        }
        encrypt(properties.encryption(), service);
        CurfewProperties.Checks checks = properties.checks();
        if (checks.authoritative()) {
            service.authoritativeChecks();
        } else {
            Duration poll = checks.pollPeriod() == null ? poll(checks.maxStaleness()) : checks.pollPeriod();
            service.replica(replica -> replica.staleness(checks.maxStaleness(), poll));
        }
    }

    /** As often as the library's own default, where the staleness leaves time for that. */
    static Duration poll(Duration maxStaleness) {
        Duration third = maxStaleness.dividedBy(POLLS_IN_STALENESS);
        return third.compareTo(POLL) < 0 ? third : POLL;
    }

    /** To answer a repeated attempt needs a store that keeps secrets. */
    static RefreshPolicy refreshPolicy(SessionStore store, CurfewProperties properties) {
        boolean keepsSecrets = store.keepsInProcess() || properties.encryption().key() != null;
        RefreshPolicy policy = RefreshPolicy.withoutKey(RetryRule.siblings(TABS));
        return policy.withKey(keepsSecrets ? RetryRule.sameAttempt().orSiblings(TABS) : RetryRule.siblings(TABS));
    }

    private static OutagePolicy outagePolicy(CurfewProperties.Checks checks) {
        Duration age = checks.lastKnownGoodFor();
        return switch (checks.duringOutages()) {
            case DENY -> OutagePolicy.DENY;
            case LAST_KNOWN_GOOD -> {
                if (age == null || age.isNegative() || age.isZero()) {
                    throw CurfewStartException.property(
                            "curfew.checks.last-known-good-for",
                            age == null ? "not set" : age.toString(),
                            "how old this node's knowledge may be during an outage, such as 5m");
                }
                yield OutagePolicy.lastKnownGood(age);
            }
            case ALLOW_REVOKED_TOKENS -> OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES;
        };
    }

    private static void encrypt(CurfewProperties.Encryption encryption, SessionServiceBuilder service) {
        if (encryption.storeUnencrypted()) {
            service.storeSessionsUnencrypted();
        }
        if (encryption.acceptUnencrypted()) {
            service.acceptUnencryptedSessions();
        }
        if (encryption.key() != null) {
            if (!KEY_ID.matcher(encryption.keyId()).matches()) {
                throw CurfewStartException.property(
                        "curfew.encryption.key-id",
                        "'" + encryption.keyId() + "'",
                        "lower-case letters, digits and hyphens, such as 2024-01: Spring drops other characters from"
                                + " the name of a property, as in curfew.encryption.readable.2024-01, when the key is"
                                + " an old one");
            }
            KeyRing.Builder ring = KeyRing.builder();
            String property = "curfew.encryption.key";
            try {
                ring.current(encryption.keyId(), key(property, encryption.key()));
                for (var entry : encryption.readable().entrySet()) {
                    property = "curfew.encryption.readable." + entry.getKey();
                    ring.readable(entry.getKey(), key(property, entry.getValue()));
                }
            } catch (IllegalArgumentException e) {
                throw CurfewStartException.property(
                        property, "refused: " + e.getMessage(), "Base64 of " + KeyRing.KEY_BYTES + " random bytes", e);
            }
            service.encryption(ring.build());
        }
    }

    private static byte[] key(String property, String text) {
        return Secrets.decode(property, text, KeyRing.KEY_BYTES);
    }
}
