package dev.curfew.token;

import dev.curfew.jose.KeyLoads;
import dev.curfew.session.Realm;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which policy judges the tokens of which issuer, at one moment. Immutable. */
final class PolicyTable {
    /** Then every text is refused because of its issuer, and not because of its length. */
    private static final int LENGTH_WITHOUT_POLICY = 16 * 1024;

    private final List<IssuerPolicy> all;
    private final Map<String, IssuerVerifier> byIssuer;
    private final List<TenantPolicy> tenants;
    private final @Nullable IssuerVerifier only;
    private final int maxTokenLength;

    private PolicyTable(List<IssuerPolicy> policies) {
        this.all = List.copyOf(policies);
        Map<String, IssuerVerifier> verifiers = new HashMap<>();
        List<TenantPolicy> patterns = new ArrayList<>();
        int longest = 0;
        for (IssuerPolicy policy : all) {
            if (policy instanceof TokenPolicy single) {
                verifiers.put(single.issuer(), new IssuerVerifier(single));
                longest = Math.max(longest, single.maxTokenLength());
            } else if (policy instanceof TenantPolicy several) {
                patterns.add(several);
                longest = Math.max(longest, several.maxTokenLength());
            }
        }
        this.byIssuer = Map.copyOf(verifiers);
        this.tenants = List.copyOf(patterns);
        this.only = all.size() == 1 && patterns.isEmpty()
                ? verifiers.values().iterator().next()
                : null;
        this.maxTokenLength = all.isEmpty() ? LENGTH_WITHOUT_POLICY : longest;
    }

    static PolicyTable of(List<IssuerPolicy> policies) {
        for (int i = 0; i < policies.size(); i++) {
            for (int j = 0; j < i; j++) {
                PolicyConflict.check(policies.get(j), policies.get(i));
            }
        }
        return new PolicyTable(policies);
    }

    PolicyTable with(IssuerPolicy policy) {
        all.forEach(known -> PolicyConflict.check(known, policy));
        List<IssuerPolicy> more = new ArrayList<>(all);
        more.add(policy);
        return new PolicyTable(more);
    }

    PolicyTable without(IssuerPolicy policy) {
        return new PolicyTable(
                all.stream().filter(known -> !known.equals(policy)).toList());
    }

    List<IssuerPolicy> all() {
        return all;
    }

    /** The largest cap of all policies; each judges by its own again. */
    int maxTokenLength() {
        return maxTokenLength;
    }

    /** What counts the loads of keys, by the name of the realm for whose tokens they are. */
    Map<String, Set<KeyLoads>> keyLoads() {
        Map<String, Set<KeyLoads>> byRealm = new LinkedHashMap<>();
        for (IssuerPolicy policy : all) {
            KeyLoads loads = policy instanceof TokenPolicy single
                    ? single.keys().source().loads()
                    : policy instanceof TenantPolicy several ? several.loads() : null;
            if (loads != null) {
                byRealm.computeIfAbsent(nameOf(policy), realm -> new LinkedHashSet<>())
                        .add(loads);
            }
        }
        return byRealm;
    }

    private static String nameOf(IssuerPolicy policy) {
        return policy instanceof TenantPolicy several
                ? several.realms().prefix()
                : ((TokenPolicy) policy).realm().name();
    }

    boolean hasRealm(Realm realm) {
        return all.stream().anyMatch(policy -> policy.hasRealm(realm));
    }

    /** With one issuer the signature comes before {@code iss}, so that a forger learns nothing about the policy. */
    IssuerVerifier find(Map<String, @Nullable Object> claims) {
        if (only != null) {
            return only;
        }
        if (claims.get("iss") instanceof String issuer) {
            IssuerVerifier known = byIssuer.get(issuer);
            if (known != null) {
                return known;
            }
            for (TenantPolicy several : tenants) {
                TokenPolicy policy = several.find(issuer);
                if (policy != null) {
                    return new IssuerVerifier(policy);
                }
            }
        }
        throw new InvalidTokenException(Reason.ISSUER, "iss is of no policy");
    }

    /** Whether a token that this policy accepted before would still be judged by it. */
    boolean isCurrent(TokenPolicy policy) {
        if (only != null) {
            return only.policy().equals(policy);
        }
        Tenant tenant = policy.tenant();
        if (tenant != null) {
            return tenants.contains(tenant.of()) && tenant.isAllowed();
        }
        IssuerVerifier known = byIssuer.get(policy.issuer());
        return known != null && known.policy().equals(policy);
    }
}
