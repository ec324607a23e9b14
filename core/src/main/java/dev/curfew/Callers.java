package dev.curfew;

import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.token.AuthenticToken;
import dev.curfew.token.VerifiedToken;
import java.util.Optional;

/** Reads session ids as the issuer of the caller's token means them. */
final class Callers {
    private Callers() {}

    /** The caller's own session, if the token names one. */
    static Optional<SessionRef> refOfSession(AuthenticToken token) {
        return token.session()
                .map(handle -> handle instanceof SessionId ours
                        ? SessionRef.of(token.realm(), ours)
                        : token.subject()
                                .map(subject -> SessionRef.of(subject, handle))
                                .orElseGet(() -> new SessionRef(token.realm(), handle, SessionRef.UNROUTED)));
    }

    /** The session that a URL names; nothing if that is malformed. */
    static Optional<SessionRef> refOf(VerifiedToken caller, String handle) {
        if (caller.sessionIdsAreOurs()) {
            return SessionId.parse(handle).map(id -> SessionRef.of(caller.realm(), id));
        }
        try {
            ForeignSessionId foreign = new ForeignSessionId(handle);
            return caller.subject().map(subject -> SessionRef.of(subject, foreign));
        } catch (InvalidIdentifierException e) {
            return Optional.empty();
        }
    }
}
