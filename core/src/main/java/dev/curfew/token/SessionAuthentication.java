package dev.curfew.token;

import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialRefusal;
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
     */
    record Refused(CredentialRefusal why, Optional<RevocationReason> reason) implements SessionAuthentication {
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
