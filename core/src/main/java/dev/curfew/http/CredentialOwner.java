package dev.curfew.http;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SessionRef;
import dev.curfew.token.Authentic;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose a credential is, as far as it says so. Immutable.
 *
 * @param realm of everything else
 * @param subject null if it names none, or if that was not read
 * @param session null if there is none
 * @param token the credential itself, where it is told apart from others of its session; never null without a session
 * @param isSessionToken whether it is the session's own secret, which needs no subject to tell the session
 */
record CredentialOwner(
        LookupKey realm,
        @Nullable LookupKey subject,
        @Nullable SessionRef session,
        @Nullable LookupKey token,
        boolean isSessionToken) {

    static CredentialOwner of(Authentic token) {
        TokenFacts facts = token.facts();
        return new CredentialOwner(
                facts.realmKey(), facts.subjectKey(), token.session().orElse(null), facts.tokenKey(), false);
    }

    static CredentialOwner ofSessionToken(SessionRef session, @Nullable LookupKey token) {
        return new CredentialOwner(session.realm().key(), null, session, token, true);
    }

    /** The same session of the same subject; where there is no session, the same token. */
    boolean isSame(CredentialOwner other) {
        if (!realm.equals(other.realm) || !Objects.equals(session, other.session)) {
            return false;
        }
        return isSessionToken
                || other.isSessionToken
                || Objects.equals(subject, other.subject) && (session != null || Objects.equals(token, other.token));
    }

    /** By which a logout is counted: the token, or the session of a caller who has none. */
    LookupKey credential() {
        return token == null
                ? Objects.requireNonNull(session, "session of a credential").key()
                : token;
    }

    /** Whether it is known to be another session of ours. */
    boolean isOtherThan(SessionRef other) {
        return session != null && !session.isForeign() && !session.equals(other);
    }
}
