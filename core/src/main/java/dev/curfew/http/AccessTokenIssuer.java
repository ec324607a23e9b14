package dev.curfew.http;

import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Issues the access token of a refresh: the host's part, because it has the signing key. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface AccessTokenIssuer {
    /**
     * Issues an access token. The refresh token has been exchanged by then; if this throws, the client is answered with
     * 500 (or with a challenge, 401, for a {@link dev.curfew.token.ReauthenticationRequiredException}; or with 503 for
     * a retryable {@link dev.curfew.session.CurfewException}), loses nothing, and repeats the refresh with its attempt
     * key. One without such a key cannot repeat it, so that a retryable exception is better not thrown here;
     * {@code RefreshEndpoint} answers 500 then.
     *
     * @param session whose handle is the {@code sid} of the token
     * @param scopes for the token: what the client asked for, else all that were granted; unmodifiable
     * @param senderKey to which the token is to be bound by a {@code cnf} claim, if the client has proven one
     * @param notAfter the end of the session, which the token must not outlive
     * @return the token
     */
    IssuedAccessToken issue(Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter);
}
