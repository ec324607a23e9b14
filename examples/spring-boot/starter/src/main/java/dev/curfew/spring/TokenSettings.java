package dev.curfew.spring;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.Realm;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import java.util.function.Consumer;

/** What the properties say about the realm and about access tokens. */
final class TokenSettings {
    private static final int LEAST_SECRET_BYTES = 32;

    private TokenSettings() {}

    static Realm realm(CurfewProperties properties) {
        String name = properties.realm();
        String wanted = "the namespace of your users, such as `shop`; it never changes";
        if (name == null || name.isBlank()) {
            throw CurfewStartException.property("curfew.realm", "not set", wanted);
        }
        try {
            return Realm.of(name);
        } catch (InvalidIdentifierException e) {
            throw CurfewStartException.property("curfew.realm", "no name of a realm: " + e.getMessage(), wanted, e);
        }
    }

    static TokenPolicy policy(CurfewProperties properties, String issuer, Consumer<TokenPolicyBuilder> customizers) {
        Realm realm = realm(properties);
        return Guarded.make("The policy of curfew.issuer", () -> {
            CurfewProperties.Token token = properties.token();
            TokenPolicyBuilder policy = TokenPolicy.forIssuer(realm, issuer)
                    .keys(keys(properties))
                    .maxTokenLifetime(token.maxLifetime())
                    .skew(token.skew());
            properties.audience().forEach(policy::audience);
            SessionIds sessionIds = token.sessionIds();
            if (sessionIds != null) {
                policy.sessionIds(sessionIds);
            } else if (properties.secret() != null) {
                // Who has the secret issues the tokens, and has begun their sessions here.
                policy.sessionIds(SessionIds.OURS);
            }
            if (token.beganAt() != null) {
                policy.beganAt(token.beganAt());
            }
            if (token.acceptPlainJwt()) {
                policy.acceptPlainJwt();
            }
            token.require().forEach(policy::require);
            customizers.accept(policy);
            return policy.build();
        });
    }

    private static TokenKeys keys(CurfewProperties properties) {
        boolean hasSecret = properties.secret() != null;
        if (hasSecret == (properties.jwksUri() != null)) {
            throw new CurfewStartException(
                    "curfew.issuer is set, and " + (hasSecret ? "both" : "neither")
                            + " of curfew.secret and curfew.jwks-uri.",
                    "Set curfew.secret to the Base64 of the secret that signs the tokens, or curfew.jwks-uri to where"
                            + " their issuer publishes its keys.",
                    null);
        }
        if (properties.jwksUri() != null) {
            try {
                return TokenKeys.remote(properties.jwksUri());
            } catch (IllegalArgumentException e) {
                throw CurfewStartException.property(
                        "curfew.jwks-uri",
                        properties.jwksUri() + ", which is not to be used: " + e.getMessage(),
                        "an address of https, or of http on this machine",
                        e);
            }
        }
        byte[] secret = Secrets.decode("curfew.secret", properties.secret(), LEAST_SECRET_BYTES);
        try {
            return TokenKeys.ofSecret(properties.secretName(), secret);
        } catch (IllegalArgumentException e) {
            throw CurfewStartException.property(
                    "curfew.secret",
                    "refused: " + e.getMessage(),
                    "random bytes, such as `openssl rand -base64 32` prints",
                    e);
        }
    }
}
