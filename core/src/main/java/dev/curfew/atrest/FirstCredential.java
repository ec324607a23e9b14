package dev.curfew.atrest;

import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RetryRule;
import org.jspecify.annotations.Nullable;

/**
 * What a session is proven by from its beginning. Immutable.
 *
 * @param token what the client gets
 * @param keyless the login's own rule for refreshes without an attempt key, or null for the service's
 */
public record FirstCredential(SecretToken token, @Nullable RetryRule keyless) {
    /** Nothing of the secret. */
    @Override
    public String toString() {
        return "FirstCredential[" + token.kind() + "]";
    }
}
