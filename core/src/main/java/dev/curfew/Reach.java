package dev.curfew;

import dev.curfew.RevocationOutcome.Revoked;
import dev.curfew.RevocationOutcome.Unreached;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.Naming;
import dev.curfew.token.TokenPolicies;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether logins and revocations of a realm can mean anything to the tokens that are accepted. Thread-safe. */
final class Reach {
    private static final Logger LOG = LoggerFactory.getLogger(Reach.class);
    private static final int MOST_WARNINGS = 10_000;

    private final @Nullable TokenPolicies policies;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    Reach(@Nullable TokenPolicies policies) {
        this.policies = policies;
    }

    /**
     * Refuses a login whose tokens nothing would accept.
     *
     * @throws LoginRefusedException if the host gave policies, and none has this realm
     */
    void requireKnown(Realm realm) {
        if (policies != null && !policies.hasRealm(realm)) {
            throw new LoginRefusedException(
                    "the realm \"" + realm + "\" is that of no token policy: a login in it would"
                            + " begin a session that no token can name. Give its policy to tokenPolicies(...)");
        }
    }

    /**
     * The same outcome, unless what was recorded reaches no token of some issuer.
     *
     * @param isProven whether a verified token proves that the realm is in use, whatever the policies say
     */
    RevocationOutcome judge(RevocationOutcome outcome, Realm realm, boolean isProven) {
        if (policies == null || !(outcome instanceof Revoked revoked)) {
            return outcome;
        }
        List<IssuerPolicy> ofRealm =
                policies.all().stream().filter(policy -> policy.hasRealm(realm)).toList();
        ofRealm.forEach(policy -> warnOnce(policy, revoked.target()));
        List<IssuerPolicy> unreached = ofRealm.stream()
                .filter(policy -> policy.naming(revoked.target()) == Naming.NEVER)
                .toList();
        if (unreached.isEmpty() && (isProven || !ofRealm.isEmpty())) {
            return outcome;
        }
        return new Unreached(
                revoked,
                unreached.stream().map(IssuerPolicy::issuer).collect(Collectors.toUnmodifiableSet()),
                unreached.stream()
                        .map(policy -> policy.maxTokenLifetime().plus(policy.skew()))
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO));
    }

    private void warnOnce(IssuerPolicy policy, RevocationTarget.Kind kind) {
        if (policy.naming(kind) != Naming.ALWAYS
                && warned.size() < MOST_WARNINGS
                && warned.add(kind + " " + policy.issuer())) {
            LOG.warn(
                    "A revocation of kind {} reaches no token of issuer {} that does not name what is "
                            + "revoked: {} of them"
                            + " do. Revoke the subject, the realm or the token instead",
                    kind,
                    policy.issuer(),
                    policy.naming(kind) == Naming.NEVER ? "none" : "only some");
        }
    }
}
