package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.revocation.TokenId;
import dev.curfew.session.ClientId;
import dev.curfew.session.ForeignSessionId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one policy demands of the claims of a token whose signature is right. Immutable. */
final class ClaimRules {
    private static final int MAX_JTI_LENGTH = 256;

    private static final Set<String> ACCESS_TOKEN_TYPES = Set.of("at+jwt", "application/at+jwt");
    private static final Set<String> PLAIN_TYPES = Set.of("jwt", "application/jwt");

    /** Claims of ID tokens, logout tokens, security events and status lists: no access token has them. */
    private static final List<String> OTHER_TOKENS_CLAIMS = List.of("at_hash", "c_hash", "events", "status_list");

    private static final List<String> RFC_9068_CLAIMS = List.of("aud", "sub", "client_id", "jti");

    private final TokenPolicy policy;

    ClaimRules(TokenPolicy policy) {
        this.policy = policy;
    }

    /** The exact comparison of RFC 7519: no normalisation of any kind. */
    void requireIssuer(Map<String, @Nullable Object> claims) {
        if (!policy.issuer().equals(claims.get("iss"))) {
            throw new InvalidTokenException(Reason.ISSUER, "iss is not the issuer of the policy");
        }
    }

    void requireType(@Nullable String type) {
        if (type == null) {
            if (!policy.isPlainJwtAccepted()) {
                throw new InvalidTokenException(Reason.TYPE, "typ is missing");
            }
            return;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        boolean plain = policy.isPlainJwtAccepted() && PLAIN_TYPES.contains(lower);
        if (!plain && !ACCESS_TOKEN_TYPES.contains(lower)) {
            throw new InvalidTokenException(Reason.TYPE, "typ is not that of an access token");
        }
    }

    /** Checks all that does not depend on the clock, except the type, and answers what the token says. */
    TokenContent check(Map<String, @Nullable Object> claims, @Nullable String signingInput, String signingKey) {
        requireIssuer(claims);
        requireAudience(claims);
        requireAccessToken(claims);
        TokenTimes times = TokenTimes.read(claims, policy);
        try {
            return content(claims, times, tokenId(claims, signingInput), signingKey);
        } catch (InvalidIdentifierException e) {
            // Not as the cause: an identifier is a claim's value, whoever words that message.
            throw new InvalidTokenException(Reason.CLAIM, "an identifier is empty or not well-formed");
        }
    }

    private TokenContent content(
            Map<String, @Nullable Object> claims, TokenTimes times, TokenId id, String signingKey) {
        TokenFacts.Builder facts = TokenFacts.in(policy.realm())
                .token(id)
                .signingKey(signingKey)
                .issuedAt(times.issuedAt())
                .skew(policy.skew());
        String sub = text(claims, "sub");
        SubjectId subject = sub == null ? null : new SubjectId(policy.realm(), sub);
        if (subject != null) {
            facts.subject(subject);
        }
        String clientId = clientId(claims);
        ClientId client = clientId == null ? null : new ClientId(policy.realm(), clientId);
        if (client != null) {
            facts.client(client);
        }
        SessionHandle session = session(claims);
        if (session != null) {
            facts.session(session);
        }
        if (times.authenticatedAt() != null) {
            facts.authenticatedAt(times.authenticatedAt());
        } else if (!(session instanceof SessionId) && policy.beganAt() == BeganAt.AUTHENTICATED_AT) {
            throw new InvalidTokenException(Reason.AUTH_TIME_MISSING, "neither auth_time nor a session id of ours");
        }
        return new TokenContent(policy, build(facts), times, subject, session, client, claims);
    }

    private static TokenFacts build(TokenFacts.Builder facts) {
        try {
            return facts.build();
        } catch (InvalidIdentifierException e) {
            throw new InvalidTokenException(Reason.SESSION_ID, "sid belongs to another subject");
        }
    }

    private void requireAudience(Map<String, @Nullable Object> claims) {
        if (!claims.containsKey("aud")) {
            if (policy.audiences().isEmpty()) {
                return;
            }
            throw new InvalidTokenException(Reason.AUDIENCE, "aud is missing");
        }
        Object aud = claims.get("aud");
        Collection<?> named =
                aud instanceof Collection<?> several ? several : aud instanceof String one ? List.of(one) : List.of();
        if (named.isEmpty() || !named.stream().allMatch(String.class::isInstance)) {
            throw new InvalidTokenException(Reason.AUDIENCE, "aud is neither a string nor an array of strings");
        }
        if (!policy.audiences().isEmpty() && named.stream().noneMatch(policy.audiences()::contains)) {
            throw new InvalidTokenException(Reason.AUDIENCE, "aud does not name an audience of the policy");
        }
    }

    private void requireAccessToken(Map<String, @Nullable Object> claims) {
        for (String name : OTHER_TOKENS_CLAIMS) {
            if (claims.containsKey(name)) {
                throw new InvalidTokenException(Reason.TYPE, "has " + name + ", which no access token has");
            }
        }
        if (policy.isPlainJwtAccepted()) {
            return;
        }
        for (String name : RFC_9068_CLAIMS) {
            if (!claims.containsKey(name)) {
                throw new InvalidTokenException(Reason.CLAIM, name + " is missing");
            }
        }
    }

    private static TokenId tokenId(Map<String, @Nullable Object> claims, @Nullable String signingInput) {
        String jti = text(claims, "jti");
        if (jti == null) {
            if (signingInput == null) {
                throw new InvalidTokenException(Reason.CLAIM, "jti is missing, and the signed text is not known");
            }
            return TokenId.ofSigningInput(signingInput);
        }
        if (jti.length() > MAX_JTI_LENGTH) {
            throw new InvalidTokenException(Reason.CLAIM, "jti is too long");
        }
        return TokenId.ofJti(jti);
    }

    private static @Nullable String clientId(Map<String, @Nullable Object> claims) {
        String clientId = text(claims, "client_id");
        return clientId != null ? clientId : text(claims, "azp");
    }

    private @Nullable SessionHandle session(Map<String, @Nullable Object> claims) {
        if (!claims.containsKey("sid")) {
            if (policy.isSessionIdRequired()) {
                throw new InvalidTokenException(Reason.SESSION_ID, "sid is missing");
            }
            return null;
        }
        if (!(claims.get("sid") instanceof String sid) || sid.isEmpty()) {
            throw new InvalidTokenException(Reason.SESSION_ID, "sid is not a string, or is empty");
        }
        if (policy.sessionIds() == SessionIds.FOREIGN) {
            return new ForeignSessionId(sid);
        }
        return SessionId.parse(sid)
                .orElseThrow(() -> new InvalidTokenException(Reason.SESSION_ID, "sid is not a session id of ours"));
    }

    /** An empty string or an explicit null is a mistake of the issuer, not an absent claim. */
    private static @Nullable String text(Map<String, @Nullable Object> claims, String name) {
        if (!claims.containsKey(name)) {
            return null;
        }
        if (claims.get(name) instanceof String text && !text.isEmpty()) {
            return text;
        }
        throw new InvalidTokenException(Reason.CLAIM, name + " is not a string, or is empty");
    }
}
