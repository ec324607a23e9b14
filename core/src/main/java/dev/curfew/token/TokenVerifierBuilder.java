package dev.curfew.token;

import dev.curfew.session.Realm;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Collects the settings of a {@link TokenVerifier}. Confined to one thread. */
public final class TokenVerifierBuilder {
    private static final int DEFAULT_CACHE_ENTRIES = 10_000;

    private final List<TokenPolicy> policies = new ArrayList<>();
    private Clock clock = Clock.systemUTC();
    private int cacheEntries = DEFAULT_CACHE_ENTRIES;

    TokenVerifierBuilder(TokenPolicy policy, TokenPolicy... more) {
        policies.add(Objects.requireNonNull(policy, "policy"));
        policies.addAll(List.of(more));
    }

    /**
     * Sets the clock, which each call reads once.
     *
     * @param value the system's by default
     * @return this
     */
    public TokenVerifierBuilder clock(Clock value) {
        this.clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /**
     * Sets how many verified tokens are remembered, so that their signatures are not verified again; 10,000 by
     * default. An entry holds the token's claims, and never its text.
     *
     * @param maxEntries 0 switches the cache off
     * @return this
     */
    public TokenVerifierBuilder cache(int maxEntries) {
        if (maxEntries < 0) {
            throw new IllegalArgumentException("cache must not be negative");
        }
        this.cacheEntries = maxEntries;
        return this;
    }

    /**
     * Makes the verifier.
     *
     * @return the verifier
     * @throws IllegalArgumentException if two policies have the same issuer or the same realm
     */
    public TokenVerifier build() {
        Set<String> distinctIssuers = policies.stream().map(TokenPolicy::issuer).collect(Collectors.toSet());
        Set<Realm> distinctRealms = policies.stream().map(TokenPolicy::realm).collect(Collectors.toSet());
        if (distinctIssuers.size() < policies.size() || distinctRealms.size() < policies.size()) {
            throw new IllegalArgumentException("policies: an issuer has one realm, and a realm one issuer");
        }
        return new TokenVerifier(List.copyOf(policies), clock, cacheEntries);
    }
}
