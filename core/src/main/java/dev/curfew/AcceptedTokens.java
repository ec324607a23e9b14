package dev.curfew;

import dev.curfew.RevocationOutcome.Revoked;
import dev.curfew.RevocationOutcome.Unreached;
import dev.curfew.atrest.KnownRealms;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.Naming;
import dev.curfew.token.TokenPolicies;
import dev.curfew.token.TokenPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the host accepts as tokens, and so what logins and revocations can mean to them. Thread-safe. */
final class AcceptedTokens {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptedTokens.class);
    private static final Duration DEFAULT_SKEW = Duration.ofSeconds(10);
    private static final int MOST_WARNINGS = 10_000;
    private static final int MOST_NAMED = 5;

    /** Null if the host has said only how long tokens live. */
    private final @Nullable TokenPolicies policies;

    private final Duration lifetime;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    private AcceptedTokens(@Nullable TokenPolicies policies, Duration lifetime) {
        this.policies = policies;
        this.lifetime = lifetime;
    }

    /**
     * Takes the longest lifetime and the widest skew of all.
     *
     * @throws IllegalStateException if nothing says how long tokens live, or if there are some and none
     */
    static AcceptedTokens of(ServiceSettings.Tokens said) {
        TokenPolicies policies = said.policies;
        Duration longest = said.maxLifetime;
        Duration widest = said.skew;
        if (said.hasNone) {
            if (policies != null || longest != null) {
                throw new IllegalStateException("withoutAccessTokens() contradicts tokenPolicies(...) and"
                        + " maxTokenLifetime(...): say which of them it is");
            }
            longest = Duration.ZERO;
        }
        if (policies != null) {
            for (IssuerPolicy policy : policies.all()) {
                longest = longer(longest, policy.maxTokenLifetime());
                widest = longer(widest, policy.skew());
            }
        }
        if (longest == null) {
            throw new IllegalStateException("SessionService needs tokenPolicies(...) or maxTokenLifetime(...):"
                    + " how long access tokens live says how long revocations are remembered. If there are session"
                    + " tokens alone, say withoutAccessTokens()");
        }
        return new AcceptedTokens(policies, longest.plus(widest == null ? DEFAULT_SKEW : widest));
    }

    /** From {@code iat} until nothing accepts a token any more. */
    Duration lifetime() {
        return lifetime;
    }

    /** Tells the realms of all policies that are there or will be; refuses those whose tokens live too long. */
    void tellRealms(KnownRealms realms) {
        if (policies != null) {
            policies.demand(policy -> {
                requireOutlives(policy);
                if (policy instanceof TokenPolicy single) {
                    realms.add(single.realm());
                }
            });
        }
    }

    /**
     * Refuses a policy whose tokens would outlive their revocations.
     *
     * @throws IllegalStateException if its tokens may live longer
     */
    void requireOutlives(IssuerPolicy policy) {
        Duration longest = policy.maxTokenLifetime().plus(policy.skew());
        if (longest.compareTo(lifetime) > 0) {
            throw new IllegalStateException("the policy of a token issuer allows tokens of " + longest
                    + " (maxTokenLifetime + skew), but SessionService remembers revocations only " + lifetime
                    + " beyond a session: build it with tokenPolicies(...), or raise maxTokenLifetime(...) (or leave"
                    + " out withoutAccessTokens())");
        }
    }

    /**
     * Refuses a login whose tokens nothing would accept.
     *
     * @throws LoginRefusedException if the host gave policies, and none has this realm
     */
    void requireKnown(Realm realm) {
        if (policies != null && !policies.hasRealm(realm)) {
            throw new LoginRefusedException(
                    "the realm \"" + realm + "\" is that of no token policy (they have " + realmsOf(policies)
                            + "): a login in it would begin a session that no token can name. Begin it in the realm of"
                            + " its policy, or give its policy to tokenPolicies(...)");
        }
    }

    private static String realmsOf(TokenPolicies policies) {
        return policies.all().stream()
                .limit(MOST_NAMED)
                .map(policy ->
                        policy instanceof TokenPolicy single ? single.realm().toString() : policy.issuer())
                .distinct()
                .collect(Collectors.joining(", "));
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

    private static Duration longer(@Nullable Duration a, Duration b) {
        return a == null || a.compareTo(b) < 0 ? b : a;
    }
}
