package dev.curfew.token;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The claims in which an issuer writes one kind of identifier; of those that a token has, the first one counts.
 * Immutable.
 *
 * @param names in the order in which they count; not empty
 */
record ClaimNames(List<String> names) {
    /** Claims with another meaning in every JWT. */
    private static final Set<String> NO_IDENTIFIERS =
            Set.of("iss", "aud", "exp", "nbf", "iat", "auth_time", "typ", "nonce", "scope", "cnf");

    ClaimNames {
        names = List.copyOf(names);
    }

    /** Checks what a host wants; the setting is named in messages. */
    static ClaimNames checked(String setting, String first, String... more) {
        List<String> names = new ArrayList<>(List.of(first));
        names.addAll(Arrays.asList(more));
        for (String name : names) {
            if (name.isBlank()) {
                throw new IllegalArgumentException(setting + ": the name of a claim must not be empty");
            }
            if (NO_IDENTIFIERS.contains(name)) {
                throw new IllegalArgumentException(setting + ": the claim " + name + " is no identifier");
            }
        }
        if (new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException(setting + ": a claim is named twice");
        }
        return new ClaimNames(names);
    }

    /** The claim that counts, or null if the token has none of them. */
    @Nullable
    String presentIn(Map<String, @Nullable Object> claims) {
        for (String name : names) {
            if (claims.containsKey(name)) {
                return name;
            }
        }
        return null;
    }

    /** For messages, which may name claims and never spell their values. */
    @Override
    public String toString() {
        return String.join(" or ", names);
    }
}
