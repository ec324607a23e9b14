package dev.curfew.token;

import dev.curfew.revocation.TokenFacts;
import dev.curfew.session.ClientId;
import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one policy demands of the claims of a token whose signature is right. Immutable. */
final class ClaimRules {
    private final TokenPolicy policy;
    private final TokenRules rules;

    ClaimRules(TokenPolicy policy) {
        this.policy = policy;
        this.rules = policy.rules();
    }

    /** The exact comparison of RFC 7519: no normalisation of any kind. */
    void requireIssuer(Map<String, @Nullable Object> claims) {
        if (!policy.issuer().equals(claims.get("iss"))) {
            throw new InvalidTokenException(
                    Reason.ISSUER, "iss is not the issuer of the policy; compared letter by letter");
        }
    }

    void requireType(@Nullable String type) {
        rules.kind().requireType(type);
    }

    /** Checks all that does not depend on the clock, except the type, and answers what the token says. */
    TokenContent check(Map<String, @Nullable Object> claims, @Nullable String signingInput, String signingKey) {
        requireIssuer(claims);
        rules.audience().check(claims);
        rules.kind().check(claims);
        TokenTimes times = TokenTimes.read(claims, policy);
        try {
            return content(claims, times, signingInput, signingKey);
        } catch (InvalidIdentifierException e) {
            // Not as the cause: an identifier is a claim's value, whoever words that message.
            throw new InvalidTokenException(Reason.CLAIM, "an identifier is empty or not well-formed");
        }
    }

    private TokenContent content(
            Map<String, @Nullable Object> claims, TokenTimes times, @Nullable String signingInput, String signingKey) {
        NamingRule naming = rules.naming();
        TokenFacts.Builder facts = TokenFacts.in(policy.realm())
                .token(naming.tokenId(claims, signingInput))
                .signingKey(signingKey)
                .issuedAt(times.issuedAt())
                .skew(policy.skew());
        SubjectId subject = naming.subject(policy.realm(), claims);
        if (subject != null) {
            facts.subject(subject);
        }
        ClientId client = naming.client(policy.realm(), claims);
        if (client != null) {
            facts.client(client);
        }
        rules.audience().checkClient(client == null ? null : client.value());
        SessionHandle session = naming.session(claims);
        if (session != null) {
            facts.session(session);
        }
        if (times.authenticatedAt() != null) {
            facts.authenticatedAt(times.authenticatedAt());
        } else if (!(session instanceof SessionId) && rules.times().beganAt() == BeganAt.AUTHENTICATED_AT) {
            throw new InvalidTokenException(
                    Reason.AUTH_TIME_MISSING,
                    "has neither auth_time nor a session id of ours, without which beganAt(ISSUED_AT) must be said");
        }
        TokenNames names = new TokenNames(
                subject, session == null ? null : refOf(session, subject), client, Confirmation.read(claims));
        return TokenContent.of(policy, build(facts), times, names, claims);
    }

    private SessionRef refOf(SessionHandle session, @Nullable SubjectId subject) {
        return subject == null
                ? SessionRef.ofUnknownSubject(policy.realm(), session)
                : SessionRef.ofClaimed(subject, session);
    }

    private static TokenFacts build(TokenFacts.Builder facts) {
        try {
            return facts.build();
        } catch (InvalidIdentifierException e) {
            throw new InvalidTokenException(
                    Reason.SESSION_ID,
                    "the session id belongs to another subject: are sub and the login's SubjectId the same text?");
        }
    }
}
