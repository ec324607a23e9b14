package dev.curfew.token;

import java.time.Clock;
import java.util.Objects;

/** Collects the settings of a {@link TokenVerifier}. Confined to one thread. */
public final class TokenVerifierBuilder {
    private static final int DEFAULT_CACHE_ENTRIES = 10_000;

    private final TokenPolicies policies;
    private Clock clock = Clock.systemUTC();
    private int cacheEntries = DEFAULT_CACHE_ENTRIES;

    TokenVerifierBuilder(TokenPolicies policies) {
        this.policies = Objects.requireNonNull(policies, "policies");
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
     */
    public TokenVerifier build() {
        return new TokenVerifier(policies, clock, cacheEntries);
    }
}
