package dev.curfew.oauth;

import dev.curfew.client.RegisteredClient;
import java.util.Set;

/**
 * Decides which claims of a token a caller of the introspection endpoint is shown (RFC 7662 §5). Implementations are
 * thread-safe. {@code active}, {@code aud} and {@code token_type} are always shown.
 */
@FunctionalInterface
public interface ClaimFilter {
    /**
     * Decides about a claim.
     *
     * @param claim its name, as in the answer: {@code scope} also for a token's {@code scp}
     * @param caller who asks, for whom the token is meant
     * @return whether it is in the answer
     */
    boolean shows(String claim, RegisteredClient caller);

    /**
     * The claims that RFC 7662, RFC 8705 and RFC 9470 name.
     *
     * @return a filter that shows them to everybody, and no others
     */
    static ClaimFilter standard() {
        return (claim, caller) -> ActiveMembers.STANDARD.contains(claim);
    }

    /**
     * The standard claims and some others.
     *
     * @param more further names
     * @return a filter that shows them to everybody
     */
    static ClaimFilter standardAnd(String... more) {
        Set<String> names = Set.of(more);
        return (claim, caller) -> names.contains(claim) || ActiveMembers.STANDARD.contains(claim);
    }
}
