package dev.curfew.examples.provider;

import java.net.URI;
import java.util.Optional;
import java.util.Set;

/**
 * An application that signs people in here, as it is registered. Immutable.
 *
 * @param id its {@code client_id}
 * @param secret by which it proves at the token endpoint who it is
 * @param redirects where it may have people sent to, compared character by character
 * @param logout where it receives logout tokens, if it does
 */
record RelyingParty(String id, String secret, Set<URI> redirects, Optional<URI> logout) {
    RelyingParty {
        redirects = Set.copyOf(redirects);
    }

    /** Not the secret. */
    @Override
    public String toString() {
        return "RelyingParty[" + id + "]";
    }
}
