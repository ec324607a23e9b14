package dev.curfew.token;

import java.util.HashSet;
import java.util.Set;

/** What a host said about for whom tokens are, until it is an {@link AudienceRule}. Confined to one thread. */
final class AudienceSettings {
    final Set<String> audiences = new HashSet<>();
    final Set<String> clients = new HashSet<>();
    boolean isAny;

    AudienceRule build() {
        if (audiences.isEmpty() != isAny) {
            throw new IllegalStateException("call either audience(String) or anyAudience()");
        }
        return new AudienceRule(audiences, clients);
    }
}
