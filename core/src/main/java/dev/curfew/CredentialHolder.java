package dev.curfew;

import dev.curfew.credential.TokenHolders;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Session;

/**
 * Whose credential somebody has presented, be it exchanged since or its session over. Immutable; only
 * {@link SessionCredentials#findHolder} makes one.
 */
public final class CredentialHolder {
    /** What a credential is worth. */
    public enum Worth {
        /** It may be used. */
        ACTIVE,
        /** It was exchanged for another one. */
        SUPERSEDED,
        /** Its session is over, by a revocation or by time. */
        OVER,
        /** Nobody could say in time whether its session is revoked. */
        UNANSWERED
    }

    private final TokenHolders.Holder holder;

    CredentialHolder(TokenHolders.Holder holder) {
        this.holder = holder;
    }

    /** {@return the session, as it stood when it was read} */
    public Session session() {
        return holder.session();
    }

    /** {@return what the credential is for} */
    public CredentialKind kind() {
        return holder.kind();
    }

    /**
     * Tells whether a client may have the credential: a session that was begun for a client is that one's only.
     *
     * @param client that presents it
     * @return true if the session is that client's, or nobody's in particular
     */
    public boolean mayBeOf(ClientId client) {
        return holder.session().client().map(client::equals).orElse(true);
    }

    TokenHolders.Holder holder() {
        return holder;
    }

    /** A pseudonym. */
    @Override
    public String toString() {
        return "CredentialHolder[" + holder.session().ref() + "]";
    }
}
