package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import java.time.Instant;
import java.util.Optional;

/**
 * A token whose signature, issuer, audience and type were found to be right; only verification makes one. Immutable.
 *
 * <p>It says nothing about revocation: that is the checker's question, and it comes after this one.
 */
public sealed interface AuthenticToken permits VerifiedToken, ExpiredToken {
    /**
     * What the revocation rule needs to know of it.
     *
     * @return the facts, which hold no claim in clear
     */
    TokenFacts facts();

    /**
     * Of its issuer.
     *
     * @return the realm that the policy names
     */
    Realm realm();

    /**
     * Whose token it is.
     *
     * @return the subject, or nothing if it has no {@code sub}
     */
    Optional<SubjectId> subject();

    /**
     * Which session it belongs to.
     *
     * @return the handle, ours or foreign as the policy declares, or nothing if it has no {@code sid}
     */
    Optional<SessionHandle> session();

    /**
     * Whom it was issued to.
     *
     * @return the client, from {@code client_id}, else {@code azp}, or nothing
     */
    Optional<ClientId> client();

    /**
     * The {@code exp} claim.
     *
     * @return the instant, floored to the second
     */
    Instant expiresAt();

    /**
     * Until when a revocation of this token must be remembered.
     *
     * @return {@link #expiresAt()} and the policy's skew, rounded up to the millisecond: at and after this instant the
     *     verifier answers no {@link VerifiedToken} for it any more
     */
    Instant forgetAfter();
}
