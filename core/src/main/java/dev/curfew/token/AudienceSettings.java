package dev.curfew.token;

import java.util.HashSet;
import java.util.Set;

/** What a host said about for whom tokens are, until it is an {@link AudienceRule}. Confined to one thread. */
final class AudienceSettings {
    final Set<String> audiences = new HashSet<>();
    final Set<String> clients = new HashSet<>();
    boolean isAny;

    AudienceRule build(String issuer) {
        if (audiences.isEmpty() && !isAny) {
            throw TokenPolicyBuilder.missing(issuer, "an audience: call either audience(String) or anyAudience()");
        }
        if (!audiences.isEmpty() && isAny) {
            throw new IllegalStateException("the policy of " + issuer
                    + " says audience(...) and anyAudience(): call either of them, and not both");
        }
        return new AudienceRule(audiences, clients);
    }
}
