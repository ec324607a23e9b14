package dev.curfew.token;

import dev.curfew.jose.KeySet;
import dev.curfew.jose.KeySource;
import dev.curfew.jose.ParsedToken;
import dev.curfew.jose.TokenHeader;
import dev.curfew.jose.VerificationKey;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.List;
import java.util.Map;
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

    SignedToken verify(ParsedToken token) {
        requireAllowed(token);
        KeySource source = policy.keys().source();
        KeySet keys = source.current();
        VerificationKey key = find(token, keys);
        if (key == null && !keys.hasId(token.header().keyId())) {
            KeySet newer = source.newerThan(keys);
            if (newer != keys) {
                keys = newer;
                key = find(token, keys);
            }
        }
        if (key == null) {
            throw refused(token.header(), keys);
        }
        rules.requireIssuer(token.claims());
        rules.requireType(token.header().type());
        return new SignedToken(rules.check(token.claims(), token.signingInput(), key.thumbprint()), keys, key);
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
            throw new InvalidTokenException(Reason.ALGORITHM, "the policy does not allow this algorithm");
        }
    }

    private static @Nullable VerificationKey find(ParsedToken token, KeySet keys) {
        List<VerificationKey> candidates = keys.candidates(token.header());
        if (candidates.isEmpty()) {
            return null;
        }
        byte[] signed = token.form().signedBytes();
        byte[] signature = token.form().signature();
        for (VerificationKey key : candidates) {
            if (key.verifies(token.header().algorithm(), signed, signature)) {
                return key;
            }
        }
        return null;
    }

    private static InvalidTokenException refused(TokenHeader header, KeySet keys) {
        if (!keys.candidates(header).isEmpty()) {
            return new InvalidTokenException(Reason.SIGNATURE, "no key of the issuer made it");
        }
        return keys.hasId(header.keyId())
                ? new InvalidTokenException(Reason.ALGORITHM, "the key is not of the algorithm's kind")
                : new InvalidTokenException(Reason.KEY_UNKNOWN, "the issuer has no such key");
    }
}
