package dev.curfew.credential;

import dev.curfew.credential.HeldCredential.Standing;
import dev.curfew.crypto.SecretToken;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
     * @param isRevoked whether it had ended by a revocation when it was read
     */
    public record Holder(Session session, boolean isRevoked) {}

    /**
     * The session of a credential; nothing for what is none, or of another client. One round trip, or none for what is
     * no token.
     *
     * @param client who presents it, or null if that does not matter; a session that has a client is that one's only
     */
    public Optional<Holder> find(Realm realm, String text, @Nullable ClientId client, Instant now) {
        return SecretToken.parse(text)
                .flatMap(token ->
                        reader.find(realm, token, now).filter(held -> held.standing(token) != Standing.STRANGE))
                .map(held -> new Holder(
                        reader.session(realm, held), !held.found().coveredBy().isEmpty()))
                .filter(holder -> client == null
                        || holder.session().client().map(client::equals).orElse(true));
    }
}
