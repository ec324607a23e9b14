package dev.curfew.token;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import java.util.Optional;

/** Whether a session token may be used. Immutable. */
public sealed interface SessionAuthentication {
    /**
     * It may.
     *
     * @param caller whose it is
     */
    record Authenticated(SessionCaller caller) implements SessionAuthentication {
        /** {@return the session, as it stood when it was last read} */
        public Session session() {
            return caller.currentSession();
        }
    }

    /**
     * It may not.
     *
     * @param why for the log; over HTTP, who holds no right secret learns nothing
     * @param reason why the session was revoked, if it was
     * @param senderKey to which the token is bound, if it was a right one: without a proof of this key its bearer may
     *     learn nothing either
     */
    record Refused(CredentialRefusal why, Optional<RevocationReason> reason, Optional<SenderKey> senderKey)
            implements SessionAuthentication {
        /**
         * A refusal of a token that is bound to nothing.
         *
         * @param why for the log
         * @param reason why the session was revoked, if it was
         */
        public Refused(CredentialRefusal why, Optional<RevocationReason> reason) {
            this(why, reason, Optional.empty());
        }

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

    /**
     * Nobody could say in time.
     *
     * @param permitted the caller, if the outage policy lets the request pass all the same
     */
    record Unanswered(Optional<SessionCaller> permitted) implements SessionAuthentication {}
}
