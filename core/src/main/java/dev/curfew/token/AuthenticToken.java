package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A token whose signature, issuer, audience and type were found to be right; only verification makes one. Immutable.
 *
 * <p>It says nothing about revocation: that is the checker's question, and it comes after this one.
 */
public abstract sealed class AuthenticToken implements Authentic permits VerifiedToken, ExpiredToken {
    private final TokenContent content;

    AuthenticToken(TokenContent content) {
        this.content = Objects.requireNonNull(content, "content");
    }

    @Override
    public final TokenFacts facts() {
        return content.facts();
    }

    @Override
    public final Realm realm() {
        return content.policy().realm();
    }

    @Override
    public final Optional<SubjectId> subject() {
        return Optional.ofNullable(content.names().subject());
    }

    @Override
    public final Optional<SessionRef> session() {
        return Optional.ofNullable(content.names().session());
    }

    /** {@return the client to which it was issued, or nothing if it names none} */
    public final Optional<ClientId> client() {
        return Optional.ofNullable(content.names().client());
    }

    /** {@return the {@code exp} claim, floored to the second} */
    public final Instant expiresAt() {
        return content.times().expiresAt();
    }

    /**
     * Until when a revocation of this token must be remembered.
     *
     * @return {@link #expiresAt()} and the policy's skew, rounded up to the millisecond: at and after this instant the
     *     verifier answers no {@link VerifiedToken} for it any more
     */
    @Override
    public final Instant forgetAfter() {
        return content.forgetAfter();
    }

    final TokenContent content() {
        return content;
    }

    /** Pseudonyms only. */
    @Override
    public final String toString() {
        return getClass().getSimpleName() + "[" + content + "]";
    }
}
