package dev.curfew.token;

import dev.curfew.jose.Algorithm;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is demanded of the tokens of one issuer. Immutable; the keys behind it may be refreshed.
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
    private final @Nullable Tenant tenant;

    TokenPolicy(Realm realm, String issuer, TokenKeys keys, TokenRules rules, @Nullable Tenant tenant) {
        this.realm = realm;
        this.issuer = issuer;
        this.keys = keys;
        this.rules = rules;
        this.tenant = tenant;
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

    /** {@return the namespace of everything that these tokens name} */
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

    /** From {@code iat} until nothing accepts a token any more. */
    Duration longest() {
        return rules.times().longest();
    }

    @Override
    public SessionIds sessionIds() {
        return rules.naming().sessionIds();
    }

    /** {@return the names of the claims in which the subject stands; the first that a token has counts} */
    public List<String> subjectClaims() {
        return rules.naming().subjects().claims().names();
    }

    @Override
    public boolean sharesRealm() {
        return rules.sharesRealm();
    }

    @Override
    public Naming naming(RevocationTarget.Kind kind) {
        return rules.naming().of(kind);
    }

    @Override
    public boolean hasRealm(Realm other) {
        return realm.equals(other);
    }

    /** The same demands for one tenant of a pattern. */
    TokenPolicy derived(Realm itsRealm, String itsIssuer, TokenKeys itsKeys, Tenant forTenant) {
        return new TokenPolicy(itsRealm, itsIssuer, itsKeys, rules, forTenant);
    }

    /** For whom it was derived, or null if it is of one issuer. */
    @Nullable
    Tenant tenant() {
        return tenant;
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
