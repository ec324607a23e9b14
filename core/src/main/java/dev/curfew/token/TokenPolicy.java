package dev.curfew.token;

import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

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
public final class TokenPolicy {
    private final Realm realm;
    private final String issuer;
    private final TokenKeys keys;
    private final Set<Algorithm> algorithms;
    private final Set<String> audiences;
    private final SessionIds sessionIds;
    private final boolean sessionIdRequired;
    private final BeganAt beganAt;
    private final boolean plainJwtAccepted;
    private final Duration maxTokenLifetime;
    private final Duration skew;
    private final int maxTokenLength;

    TokenPolicy(TokenPolicyBuilder builder, TokenKeys keys, SessionIds sessionIds, Duration maxTokenLifetime) {
        this.realm = builder.realm;
        this.issuer = builder.issuer;
        this.keys = keys;
        this.algorithms = builder.allowedBy(keys);
        this.audiences = Set.copyOf(builder.audiences);
        this.sessionIds = sessionIds;
        this.sessionIdRequired = sessionIds == SessionIds.OURS && !builder.missingSessionIdAllowed;
        this.beganAt = builder.beganAt;
        this.plainJwtAccepted = builder.plainJwtAccepted;
        this.maxTokenLifetime = maxTokenLifetime;
        this.skew = builder.skew;
        this.maxTokenLength = builder.maxTokenLength;
        keys.source().usedBy(issuer);
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

    /**
     * The exact {@code iss} claim.
     *
     * @return the issuer
     */
    public String issuer() {
        return issuer;
    }

    /**
     * How far the issuer's clock and ours may differ.
     *
     * @return at most five minutes
     */
    public Duration skew() {
        return skew;
    }

    /**
     * The longest time from {@code iat} to {@code exp}, skew aside.
     *
     * @return a positive duration
     */
    public Duration maxTokenLifetime() {
        return maxTokenLifetime;
    }

    /**
     * Whose session ids stand in {@code sid}.
     *
     * @return what was declared
     */
    public SessionIds sessionIds() {
        return sessionIds;
    }

    TokenKeys keys() {
        return keys;
    }

    boolean allows(Algorithm algorithm) {
        return algorithms.contains(algorithm);
    }

    /** Empty if any audience will do. */
    Set<String> audiences() {
        return audiences;
    }

    boolean isSessionIdRequired() {
        return sessionIdRequired;
    }

    BeganAt beganAt() {
        return beganAt;
    }

    boolean isPlainJwtAccepted() {
        return plainJwtAccepted;
    }

    int maxTokenLength() {
        return maxTokenLength;
    }

    @Override
    public String toString() {
        return "TokenPolicy[realm=" + realm + ", issuer=" + issuer + ", sessionIds=" + sessionIds + "]";
    }
}
