package dev.curfew;

import dev.curfew.token.IssuerPolicy;
import dev.curfew.token.TokenPolicies;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long tokens live, by what the host said and by its policies. Immutable.
 *
 * @param policies by which they are verified, or null if the host did not say
 * @param live from {@code iat} until nothing accepts them any more
 */
record TokenTerms(@Nullable TokenPolicies policies, Duration live) {
    private static final Duration DEFAULT_SKEW = Duration.ofSeconds(10);

    /**
     * Takes the longest of all.
     *
     * @throws IllegalStateException if nothing says how long tokens live
     */
    static TokenTerms of(@Nullable TokenPolicies policies, @Nullable Duration lifetime, @Nullable Duration skew) {
        Duration longest = lifetime;
        Duration widest = skew;
        if (policies != null) {
            for (IssuerPolicy policy : policies.all()) {
                longest = longer(longest, policy.maxTokenLifetime());
                widest = longer(widest, policy.skew());
            }
        }
        if (longest == null) {
            throw new IllegalStateException("SessionService needs tokenPolicies(...) or maxTokenLifetime(...)");
        }
        return new TokenTerms(policies, longest.plus(widest == null ? DEFAULT_SKEW : widest));
    }

    /**
     * Refuses a policy whose tokens would outlive their revocations.
     *
     * @throws IllegalStateException if its tokens may live longer
     */
    void requireOutlives(IssuerPolicy policy) {
        Duration longest = policy.maxTokenLifetime().plus(policy.skew());
        if (longest.compareTo(live) > 0) {
            throw new IllegalStateException("the policy of a token issuer allows tokens of " + longest
                    + " (maxTokenLifetime + skew), but SessionService remembers revocations only " + live
                    + " beyond a session: build it with tokenPolicies(...), or raise maxTokenLifetime(...)");
        }
    }

    private static Duration longer(@Nullable Duration a, Duration b) {
        return a == null || a.compareTo(b) < 0 ? b : a;
    }
}
