package dev.curfew.token;

import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Session;
import java.util.Optional;

/** What became of the renewal of a session's secret. Immutable. */
public sealed interface RenewResult {
    /**
     * The secret was exchanged; what was presented opens nothing any more.
     *
     * @param session as it stands now
     * @param token to be sent to the client in place of the one that it presented
     * @param isReplay whether an earlier call exchanged it, and this is the same answer once more
     */
    record Renewed(Session session, SecretToken token, boolean isReplay) implements RenewResult {}

    /**
     * The token was refused, and nothing changed.
     *
     * @param why for the log; a client that holds no right secret learns nothing
     * @param reason why the session was revoked, if it was
     */
    record Refused(CredentialRefusal why, Optional<RevocationReason> reason) implements RenewResult {
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
