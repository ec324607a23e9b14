package dev.curfew.token;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the tokens of an issuer name themselves, their session, their subject and their client. Immutable.
 *
 * @param sessionIds whose session ids they carry
 * @param sessions where their session stands, and whether each token has one
 * @param subjects the same for the subject
 * @param clients the same for the client
 * @param tokenIds where their own id stands; a token without one is known by what was signed
 */
record NamingRule(SessionIds sessionIds, Part sessions, Part subjects, Part clients, ClaimNames tokenIds) {
    private static final int MAX_ID_LENGTH = 256;

    /**
     * One kind of identifier.
     *
     * @param claims where it stands
     * @param naming whether each token has it; what tokens never have is not read
     */
    record Part(ClaimNames claims, Naming naming) {}

    TokenId tokenId(Map<String, @Nullable Object> claims, @Nullable String signingInput) {
        String id = text(claims, tokenIds);
        if (id == null) {
            if (signingInput == null) {
                throw missing(tokenIds, ", and the signed text is not known");
            }
            return TokenId.ofSigningInput(signingInput);
        }
        if (id.length() > MAX_ID_LENGTH) {
            throw new InvalidTokenException(Reason.CLAIM, tokenIds + " is too long");
        }
        return TokenId.ofJti(id);
    }

    @Nullable
    SubjectId subject(Realm realm, Map<String, @Nullable Object> claims) {
        String text = text(claims, subjects);
        return text == null ? null : new SubjectId(realm, text);
    }

    @Nullable
    ClientId client(Realm realm, Map<String, @Nullable Object> claims) {
        String text = text(claims, clients);
        return text == null ? null : new ClientId(realm, text);
    }

    @Nullable
    SessionHandle session(Map<String, @Nullable Object> claims) {
        if (sessions.naming() == Naming.NEVER) {
            return null;
        }
        String name = sessions.claims().presentIn(claims);
        if (name == null) {
            if (sessions.naming() == Naming.ALWAYS) {
                throw refusedSession(sessions.claims() + " is missing"
                        + (sessionIds == SessionIds.OURS ? ": put session.handle().value() into it" : ""));
            }
            return null;
        }
        if (!(claims.get(name) instanceof String text) || text.isEmpty()) {
            throw refusedSession(name + " is not a string, or is empty");
        }
        if (sessionIds == SessionIds.FOREIGN) {
            return new ForeignSessionId(text);
        }
        return SessionId.parse(text)
                .orElseThrow(() -> refusedSession(name
                        + " is not a session id of ours: put session.handle().value() into it,"
                        + " or say sessionIds(FOREIGN)"));
    }

    /** Whether tokens name what a revocation of this kind is about. */
    Naming of(RevocationTarget.Kind kind) {
        return switch (kind) {
            case SESSION -> sessionIds == SessionIds.OURS ? sessions.naming() : Naming.NEVER;
            case FOREIGN_SESSION -> sessionIds == SessionIds.FOREIGN ? sessions.naming() : Naming.NEVER;
            case SUBJECT -> subjects.naming();
            case CLIENT -> clients.naming();
            case TOKEN, REALM, SIGNING_KEY, BIRTH -> Naming.ALWAYS;
        };
    }

    private static @Nullable String text(Map<String, @Nullable Object> claims, Part part) {
        if (part.naming() == Naming.NEVER) {
            return null;
        }
        String text = text(claims, part.claims());
        if (text == null && part.naming() == Naming.ALWAYS) {
            throw missing(part.claims(), "");
        }
        return text;
    }

    /** An empty string or an explicit null is a mistake of the issuer, not an absent claim. */
    private static @Nullable String text(Map<String, @Nullable Object> claims, ClaimNames names) {
        String name = names.presentIn(claims);
        if (name == null) {
            return null;
        }
        if (claims.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new InvalidTokenException(Reason.CLAIM, name + " is not a string, or is empty");
    }

    private static InvalidTokenException missing(ClaimNames names, String consequence) {
        return new InvalidTokenException(Reason.CLAIM, names + " is missing" + consequence);
    }

    private static InvalidTokenException refusedSession(String detail) {
        return new InvalidTokenException(Reason.SESSION_ID, detail);
    }
}
