package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A token that was authentic and within its times when it was verified; only a {@link TokenVerifier} makes one.
 *
 * <p>Holding one proves that the check was made. It does not prove that the token is not revoked. Immutable.
 */
public final class VerifiedToken implements AuthenticToken {
    private final TokenContent content;

    VerifiedToken(TokenContent content) {
        this.content = Objects.requireNonNull(content, "content");
    }

    /**
     * All claims of the token, for the host's own use.
     *
     * @return an unmodifiable map of JSON values: String, Long, Double, Boolean, List, Map or null
     */
    public Map<String, @Nullable Object> claims() {
        return content.claims();
    }

    /**
     * Whether the policy declares this issuer's session ids to be ours; tells how to read an id from a URL.
     *
     * @return true for {@link SessionIds#OURS}
     */
    public boolean sessionIdsAreOurs() {
        return content.policy().sessionIds() == SessionIds.OURS;
    }

    @Override
    public TokenFacts facts() {
        return content.facts();
    }

    @Override
    public Realm realm() {
        return content.policy().realm();
    }

    @Override
    public Optional<SubjectId> subject() {
        return content.subject();
    }

    @Override
    public Optional<SessionHandle> session() {
        return content.session();
    }

    @Override
    public Optional<ClientId> client() {
        return content.client();
    }

    @Override
    public Instant expiresAt() {
        return content.expiresAt();
    }

    @Override
    public Instant forgetAfter() {
        return content.forgetAfter();
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return "VerifiedToken[" + content + "]";
    }
}
