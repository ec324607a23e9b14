package dev.curfew.credential;

import dev.curfew.atrest.ProvenSession;
import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.token.SessionCaller;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tells whose credential a text is, be it superseded or its session over: enough to end that session. Thread-safe. */
public final class TokenHolders {
    private final CredentialReader reader;

    public TokenHolders(CredentialReader reader) {
        this.reader = reader;
    }

    /**
     * Whose a credential is.
     *
     * @param session whose secret somebody has
     * @param kind what the credential is for
     * @param isCurrent whether it has not been exchanged
     * @param endedByTime which end of the session had come when it was read, if one had
     * @param caller as whom its bearer is judged
     * @param coveredBy the revocations that covered it when it was read, the one recorded first in front
     */
    public record Holder(
            Session session,
            CredentialKind kind,
            boolean isCurrent,
            Optional<CredentialRefusal> endedByTime,
            SessionCaller caller,
            List<Revocation> coveredBy) {
        /** Whether it had ended by a revocation when it was read. */
        public boolean isRevoked() {
            return !coveredBy.isEmpty();
        }

        /** A pseudonym only. */
        @Override
        public String toString() {
            return "Holder[" + session.ref() + "]";
        }
    }

    /**
     * The session of a credential; nothing for what is none. One round trip, or none for what is no token.
     */
    public Optional<Holder> find(Realm realm, String text, Instant now) {
        return SecretToken.parse(text)
                .flatMap(token -> reader.find(realm, token, now)
                        .filter(held -> held.standing(token) != Standing.STRANGE)
                        .map(held -> holder(realm, token, held, now)));
    }

    private Holder holder(Realm realm, SecretToken token, HeldCredential held, Instant now) {
        Session session = reader.session(realm, held);
        return new Holder(
                session,
                token.kind(),
                held.standing(token) == Standing.CURRENT,
                held.endedByTime(now),
                new SessionCaller(ProvenSession.of(session, held.row())),
                held.found().coveredBy());
    }
}
