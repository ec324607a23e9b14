package dev.curfew.token;

import dev.curfew.session.Evidence;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token that was authentic and within its times when it was verified; only a {@link TokenVerifier} makes one.
 *
 * <p>Holding one proves that the check was made. It does not prove that the token is not revoked. Immutable.
 */
public final class VerifiedToken extends AuthenticToken implements Caller {
    VerifiedToken(TokenContent content) {
        super(content);
    }

    /**
     * All claims of the token, for the host's own use.
     *
     * @return an unmodifiable map of JSON values: String, Long, Double, Boolean, List, Map or null
     */
    public Map<String, @Nullable Object> claims() {
        return content().claims();
    }

    /** {@return whether the policy declares this issuer's session ids to be ours} */
    public boolean sessionIdsAreOurs() {
        return content().policy().sessionIds() == SessionIds.OURS;
    }

    @Override
    public Optional<SessionRef> sessionNamed(String handle) {
        if (sessionIdsAreOurs()) {
            return SessionId.parse(handle).map(id -> SessionRef.of(realm(), id));
        }
        try {
            ForeignSessionId foreign = new ForeignSessionId(handle);
            return subject().map(subject -> SessionRef.of(subject, foreign));
        } catch (InvalidIdentifierException e) {
            return Optional.empty();
        }
    }

    /**
     * By the claims {@code auth_time}, {@code acr} and {@code amr}; of the latter two, one of another form than OpenID
     * Connect gives it is as if it were absent. Without {@code auth_time}, a session id of ours tells when.
     */
    @Override
    public Optional<Evidence> evidence() {
        return content().evidence();
    }

    /** By the claim {@code cnf}: its member {@code jkt} (RFC 9449) or {@code x5t#S256} (RFC 8705). */
    @Override
    public Optional<SenderKey> senderKey() {
        return Optional.ofNullable(content().names().sender());
    }
}
