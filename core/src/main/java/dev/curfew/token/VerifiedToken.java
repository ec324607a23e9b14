package dev.curfew.token;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token that was authentic and within its times when it was verified; only a {@link TokenVerifier} makes one.
 *
 * <p>Holding one proves that the check was made. It does not prove that the token is not revoked. Immutable.
 */
public final class VerifiedToken extends AuthenticToken {
    VerifiedToken(TokenContent content) {
        super(content);
    }

    /**
     * All claims of the token, for the host's own use.
     *
     * @return an unmodifiable map of JSON values: String, Long, Double, Boolean, List, Map or null
     */
    public Map<String, @Nullable Object> claims() {
        return content().claims();
    }

    /**
     * Whether the policy declares this issuer's session ids to be ours; tells how to read an id from a URL.
     *
     * @return true for {@link SessionIds#OURS}
     */
    public boolean sessionIdsAreOurs() {
        return content().policy().sessionIds() == SessionIds.OURS;
    }
}
