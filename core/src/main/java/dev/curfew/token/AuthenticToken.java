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
 * A token whose signature, issuer, audience and type were found to be right; only verification makes one. Immutable.
 *
 * <p>It says nothing about revocation: that is the checker's question, and it comes after this one.
 */
public abstract sealed class AuthenticToken permits VerifiedToken, ExpiredToken {
    private final TokenContent content;

    AuthenticToken(TokenContent content) {
        this.content = Objects.requireNonNull(content, "content");
    }

    /**
     * What the revocation rule needs to know of it.
     *
     * @return the facts, which hold no claim in clear
     */
    public final TokenFacts facts() {
        return content.facts();
    }

    /**
     * Of its issuer.
     *
     * @return the realm that the policy names
     */
    public final Realm realm() {
        return content.policy().realm();
    }

    /**
     * Whose token it is.
     *
     * @return the subject, or nothing if it names none
     */
    public final Optional<SubjectId> subject() {
        return content.subject();
    }

    /**
     * Which session it belongs to.
     *
     * @return the handle, ours or foreign as the policy declares, or nothing if it names none
     */
    public final Optional<SessionHandle> session() {
        return content.session();
    }

    /**
     * Whom it was issued to.
     *
     * @return the client, or nothing if it names none
     */
    public final Optional<ClientId> client() {
        return content.client();
    }

    /**
     * The {@code exp} claim.
     *
     * @return the instant, floored to the second
     */
    public final Instant expiresAt() {
        return content.expiresAt();
    }

    /**
     * Until when a revocation of this token must be remembered.
     *
     * @return {@link #expiresAt()} and the policy's skew, rounded up to the millisecond: at and after this instant the
     *     verifier answers no {@link VerifiedToken} for it any more
     */
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
