package dev.curfew.token;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What a host said about which kinds of token are accepted, until it is a {@link KindRule}. Confined to one thread. */
final class KindSettings {
    final Map<String, Set<String>> required = new LinkedHashMap<>();
    boolean acceptsPlainJwt;
    boolean acceptsIdTokens;
    boolean acceptsNonce;

    KindRule build() {
        return new KindRule(acceptsPlainJwt, acceptsIdTokens, acceptsNonce, required);
    }
}
