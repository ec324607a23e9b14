package dev.curfew.token;

import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * For whom a token may be meant, to whom it may have been issued. Immutable.
 *
 * @param audiences of which it names one; empty if any will do
 * @param clients of which it names one; empty if any will do
 */
record AudienceRule(Set<String> audiences, Set<String> clients) {
    AudienceRule {
        audiences = Set.copyOf(audiences);
        clients = Set.copyOf(clients);
    }

    void check(Map<String, @Nullable Object> claims) {
        if (isMissing(claims)) {
            if (audiences.isEmpty()) {
                return;
            }
            throw refused("aud is missing, or names nobody");
        }
        Collection<?> named = named(claims);
        if (named.isEmpty()) {
            throw refused("aud is neither a string nor an array of strings");
        }
        if (!audiences.isEmpty() && named.stream().noneMatch(audiences::contains)) {
            throw refused("aud names none of the policy's audiences; compared letter by letter");
        }
    }

    /** An empty array names nobody, as if the claim were not there. */
    static boolean isMissing(Map<String, @Nullable Object> claims) {
        return !claims.containsKey("aud") || claims.get("aud") instanceof Collection<?> named && named.isEmpty();
    }

    /** Whom the claim names (RFC 7519 section 4.1.3); nobody if it is not there, or is not written so. */
    static Collection<?> named(Map<String, ? extends @Nullable Object> claims) {
        Object aud = claims.get("aud");
        Collection<?> named =
                aud instanceof Collection<?> several ? several : aud instanceof String one ? List.of(one) : List.of();
        return named.stream().allMatch(String.class::isInstance) ? named : List.of();
    }

    void checkClient(@Nullable String client) {
        if (!clients.isEmpty() && (client == null || !clients.contains(client))) {
            throw new InvalidTokenException(Reason.CLIENT, "it was not issued to a client of the policy");
        }
    }

    private static InvalidTokenException refused(String detail) {
        return new InvalidTokenException(Reason.AUDIENCE, detail);
    }
}
