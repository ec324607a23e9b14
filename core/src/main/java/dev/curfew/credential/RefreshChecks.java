package dev.curfew.credential;

import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.CredentialRefusal;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import java.util.Optional;

/**
 * What must fit in a refresh whose bearer holds a secret of the session.
 *
 * <p>Whatever does not leaves the session alone, also if the token was exchanged before: a thief without the client's
 * key must not be able to end what he cannot use.
 */
final class RefreshChecks {
    private RefreshChecks() {}

    /** What does not fit, if anything does not. */
    static Optional<CredentialRefusal> mismatch(RefreshRequest request, SecretToken token, Session session) {
        if (token.kind() != CredentialKind.REFRESH_TOKEN) {
            return Optional.of(CredentialRefusal.INVALID);
        }
        if (request.isForOwnClient() && session.client().isEmpty()) {
            return Optional.of(CredentialRefusal.WRONG_CLIENT);
        }
        return bearer(request.client(), request.sender(), session)
                .or(() -> request.scopes()
                        .filter(asked -> !session.scopes().containsAll(asked))
                        .map(asked -> CredentialRefusal.WRONG_SCOPE));
    }

    /** Whether it comes from whom the session was begun for. */
    static Optional<CredentialRefusal> bearer(Optional<ClientId> client, Optional<SenderKey> sender, Session session) {
        if (session.client().isPresent() && !session.client().equals(client)) {
            return Optional.of(CredentialRefusal.WRONG_CLIENT);
        }
        return session.senderKey().isPresent() && !session.senderKey().equals(sender)
                ? Optional.of(CredentialRefusal.WRONG_SENDER)
                : Optional.empty();
    }
}
