package dev.curfew.atrest;

import dev.curfew.crypto.SecretHash;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialKind;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What core keeps beside the hash of a session's current secret: what else was a secret of this session. Immutable.
 *
 * @param kind what the credential is for
 * @param family the hash of the refresh token's family, or null of a session token
 * @param keyless the login's own rule for refreshes without an attempt key, or null for the service's
 * @param generation how often the secret was exchanged
 * @param last the exchange that made the current secret, or null if that is the first one
 */
public record CredentialState(
        CredentialKind kind,
        @Nullable SecretHash family,
        @Nullable RetryRule keyless,
        int generation,
        @Nullable LastExchange last) {
    /** Checks that the parts fit to each other. */
    public CredentialState {
        Objects.requireNonNull(kind, "kind");
        if ((family != null) != (kind == CredentialKind.REFRESH_TOKEN)) {
            throw new IllegalArgumentException("a refresh token has a family, and nothing else has one");
        }
        if (generation < 0 || (last != null) != (generation > 0)) {
            throw new IllegalArgumentException("each generation but the first comes from an exchange");
        }
    }

    /** The state of a session's first credential. */
    public static CredentialState first(SecretToken token, @Nullable RetryRule keyless) {
        return new CredentialState(token.kind(), token.familyHash().orElse(null), keyless, 0, null);
    }

    /** The state after one more exchange. */
    public CredentialState after(LastExchange exchange) {
        // Nobody lives to see the end of the numbers; they must not turn round.
        int next = generation == Integer.MAX_VALUE ? generation : generation + 1;
        return new CredentialState(kind, family, keyless, next, exchange);
    }

    /** Whether a token is of the kind and family of this credential, whatever its secret. */
    public boolean isOfFamily(SecretToken token) {
        return family != null
                && kind == token.kind()
                && token.familyHash().filter(family::equals).isPresent();
    }

    /** Nothing of the content. */
    @Override
    public String toString() {
        return "CredentialState[" + kind + ", generation " + generation + "]";
    }
}
