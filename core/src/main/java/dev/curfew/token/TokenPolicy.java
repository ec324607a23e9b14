package dev.curfew.token;

import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.Objects;

/**
 * What a realm demands of the tokens of its one issuer. Immutable; the keys behind it may be refreshed.
 *
 * <p>What has no safe default must be said, or {@link TokenPolicyBuilder#build()} fails and names it:
 *
 * <pre>{@code
 * TokenPolicy policy = TokenPolicy.forIssuer(Realm.of("shop"), "https://login.example.com")
 *         .keys(TokenKeys.remote(URI.create("https://login.example.com/jwks.json")))
 *         .audience("https://api.example.com")
 *         .sessionIds(SessionIds.OURS)
 *         .maxTokenLifetime(Duration.ofMinutes(15))
 *         .build();
 * }</pre>
 */
public final class TokenPolicy implements IssuerPolicy {
    private final Realm realm;
    private final String issuer;
    private final TokenKeys keys;
    private final TokenRules rules;

    TokenPolicy(Realm realm, String issuer, TokenKeys keys, TokenRules rules) {
        this.realm = realm;
        this.issuer = issuer;
        this.keys = keys;
        this.rules = rules;
    }

    /**
     * Starts a policy.
     *
     * @param realm the namespace of everything that these tokens name
     * @param issuer the exact {@code iss} claim; compared character by character
     * @return a builder
     */
    public static TokenPolicyBuilder forIssuer(Realm realm, String issuer) {
        return new TokenPolicyBuilder(Objects.requireNonNull(realm, "realm"), Objects.requireNonNull(issuer, "issuer"));
    }

    /**
     * The namespace of everything that these tokens name.
     *
     * @return the realm
     */
    public Realm realm() {
        return realm;
    }

    @Override
    public String issuer() {
        return issuer;
    }

    @Override
    public Duration skew() {
        return rules.times().skew();
    }

    @Override
    public Duration maxTokenLifetime() {
        return rules.times().maxTokenLifetime();
    }

    @Override
    public SessionIds sessionIds() {
        return rules.naming().sessionIds();
    }

    @Override
    public Naming naming(RevocationTarget.Kind kind) {
        return rules.naming().of(kind);
    }

    @Override
    public boolean hasRealm(Realm other) {
        return realm.equals(other);
    }

    TokenKeys keys() {
        return keys;
    }

    TokenRules rules() {
        return rules;
    }

    boolean allows(Algorithm algorithm) {
        return rules.algorithms().contains(algorithm);
    }

    int maxTokenLength() {
        return rules.maxTokenLength();
    }

    @Override
    public String toString() {
        return "TokenPolicy[realm=" + realm + ", issuer=" + issuer + ", sessionIds=" + sessionIds() + "]";
    }
}
