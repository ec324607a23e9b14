package dev.curfew.refresh;

import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What became of a refresh. Immutable. */
public sealed interface RefreshResult {
    /**
     * The token was exchanged. The host issues an access token from this; if that fails, the client repeats the
     * refresh.
     *
     * @param session whose, as it was read before the exchange
     * @param refreshToken the successor, which the client keeps in place of what it presented
     * @param isReplay whether an earlier call exchanged it, and this is the same answer once more
     * @param scopes for the access token: what was asked for, else all that were granted
     * @param senderKey to which the access token is to be bound, if the client has proven one
     * @param notAfter the end of the session, which the access token must not outlive
     */
    record Refreshed(
            Session session,
            SecretToken refreshToken,
            boolean isReplay,
            Set<String> scopes,
            Optional<SenderKey> senderKey,
            Instant notAfter)
            implements RefreshResult {
        /** Copies the scopes. */
        public Refreshed {
            scopes = Set.copyOf(scopes);
        }
    }

    /**
     * Another holder of the same token was quicker a moment ago, a tab of the same browser, say. Nothing changed, and
     * the session lives: look for the token that the other one has received.
     *
     * @param retryAfter when to look
     */
    record Conflict(Duration retryAfter) implements RefreshResult {}

    /**
     * The token had been exchanged before, by somebody who is not known to be the same: the session has ended.
     *
     * @param ended the session
     * @param generationsBehind 1 if the token is the one that was exchanged last, 2 if it is an older one
     */
    record Reused(Session ended, int generationsBehind) implements RefreshResult {}

    /**
     * The token was refused, and nothing changed.
     *
     * @param why for the log; a client that holds no right secret learns nothing
     * @param reason why the session was revoked, if it was
     */
    record Refused(CredentialRefusal why, Optional<RevocationReason> reason) implements RefreshResult {
        /**
         * A refusal for another reason than a revocation.
         *
         * @param why for the log
         * @return the result
         */
        public static Refused because(CredentialRefusal why) {
            return new Refused(why, Optional.empty());
        }
    }
}
