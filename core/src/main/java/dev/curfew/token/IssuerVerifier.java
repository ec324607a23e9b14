package dev.curfew.token;

import dev.curfew.jose.KeyMatch;
import dev.curfew.jose.KeySource;
import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.VerificationKey;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Verifies the tokens of one issuer by its policy and its keys, the signature first. Thread-safe. */
final class IssuerVerifier {
    private final TokenPolicy policy;
    private final ClaimRules rules;

    IssuerVerifier(TokenPolicy policy) {
        this.policy = policy;
        this.rules = new ClaimRules(policy);
    }

    TokenPolicy policy() {
        return policy;
    }

    /** Verifies a token with the keys of the policy, which the caller may want to have without waiting. */
    SignedToken verify(ParsedToken token, UnaryOperator<KeySource> access) {
        requireAllowed(token);
        KeyMatch match = KeyMatch.seek(token, access.apply(policy.keys().source()));
        VerificationKey key = match.key();
        if (key == null) {
            throw refused(match.miss());
        }
        rules.requireIssuer(token.claims());
        rules.requireType(token.header().type());
        return new SignedToken(rules.check(token.claims(), token.signingInput(), key.thumbprint()), match.keys(), key);
    }

    /** All but the signature, which somebody else vouches for. */
    TokenContent checkUnsigned(ParsedToken token, String signingKey) {
        requireAllowed(token);
        rules.requireIssuer(token.claims());
        rules.requireType(token.header().type());
        return rules.check(token.claims(), token.signingInput(), signingKey);
    }

    TokenContent checkClaims(Map<String, @Nullable Object> claims, String signingKey) {
        return rules.check(claims, null, signingKey);
    }

    private void requireAllowed(ParsedToken token) {
        // Again, since several policies may have several caps, and the verifier knows only the largest.
        if (token.form().length() > policy.maxTokenLength()) {
            throw new InvalidTokenException(Reason.TOO_LONG, "longer than maxTokenLength");
        }
        if (!policy.allows(token.header().algorithm())) {
            throw new InvalidTokenException(
                    Reason.ALGORITHM, "the policy allows other algorithms, by its keys and algorithms(...)");
        }
    }

    private static InvalidTokenException refused(KeyMatch.Miss miss) {
        return switch (miss) {
            case SIGNATURE ->
                new InvalidTokenException(
                        Reason.SIGNATURE,
                        "no key of the issuer made it: does the issuer sign with another key, or decode its secret"
                                + " otherwise?");
            case ALGORITHM -> new InvalidTokenException(Reason.ALGORITHM, "the key is not of the algorithm's kind");
            case KEY_UNKNOWN -> new InvalidTokenException(Reason.KEY_UNKNOWN, "the issuer has no such key");
        };
    }
}
