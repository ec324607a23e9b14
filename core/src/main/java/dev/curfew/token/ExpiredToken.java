package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An authentic token whose time is over: it opens nothing, but its bearer may still end the session that it names.
 *
 * <p>Only {@link TokenVerifier#verifyForLogout} makes one. Immutable.
 */
public final class ExpiredToken implements AuthenticToken {
    private final TokenContent content;

    ExpiredToken(TokenContent content) {
        this.content = Objects.requireNonNull(content, "content");
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
        return "ExpiredToken[" + content + "]";
    }
}
