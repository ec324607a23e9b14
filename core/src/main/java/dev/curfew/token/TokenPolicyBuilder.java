package dev.curfew.token;

import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link TokenPolicy}. Confined to one thread. */
public final class TokenPolicyBuilder {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);
    private static final int SHORTEST_CAP = 64;
    private static final int LARGEST_CAP = 1 << 20;

    final Realm realm;
    final String issuer;
    final Set<String> audiences = new HashSet<>();
    BeganAt beganAt = BeganAt.AUTHENTICATED_AT;
    Duration skew = Duration.ofSeconds(10);
    int maxTokenLength = 16 * 1024;
    boolean plainJwtAccepted;
    boolean missingSessionIdAllowed;

    private final Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    private @Nullable TokenKeys keys;
    private @Nullable SessionIds sessionIds;
    private @Nullable Duration maxTokenLifetime;
    private boolean anyAudience;

    TokenPolicyBuilder(Realm realm, String issuer) {
        if (issuer.isEmpty()) {
            throw new IllegalArgumentException("issuer must not be empty");
        }
        this.realm = realm;
        this.issuer = issuer;
    }

    /**
     * Sets the issuer's keys. Required.
     *
     * @param value of this issuer and no other
     * @return this
     */
    public TokenPolicyBuilder keys(TokenKeys value) {
        this.keys = Objects.requireNonNull(value, "keys");
        return this;
    }

    /**
     * Narrows what may be in {@code alg}; by default, whatever the keys can verify.
     *
     * @param names of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA and
     *     Ed25519, exactly so spelled; the HS ones do not go together with the others
     * @return this
     */
    public TokenPolicyBuilder algorithms(String... names) {
        for (String name : names) {
            algorithms.add(Algorithm.named(name)
                    .orElseThrow(() -> new IllegalArgumentException("algorithms: unknown or refused algorithm")));
        }
        if (Algorithm.isMixed(algorithms)) {
            throw new IllegalArgumentException("algorithms must not mix symmetric and asymmetric ones");
        }
        return this;
    }

    /**
     * Adds an audience of which {@code aud} must contain at least one.
     *
     * @param value the identifier of this resource server; compared character by character
     * @return this
     */
    public TokenPolicyBuilder audience(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("audience must not be empty");
        }
        audiences.add(value);
        return this;
    }

    /**
     * Accepts tokens for whomever they are meant. Then a token that the issuer made for another service opens this one;
     * only for issuers that serve nobody else.
     *
     * @return this
     */
    public TokenPolicyBuilder anyAudience() {
        this.anyAudience = true;
        return this;
    }

    /**
     * Declares whose session ids the issuer writes into {@code sid}. Required.
     *
     * @param value ours, if the host passes our session ids to its issuer; else foreign
     * @return this
     */
    public TokenPolicyBuilder sessionIds(SessionIds value) {
        this.sessionIds = Objects.requireNonNull(value, "sessionIds");
        return this;
    }

    /**
     * Accepts tokens without {@code sid} although session ids are ours. Such a token is not ended with any session,
     * only by itself or by a cut-off; a malformed {@code sid} is still refused.
     *
     * @return this
     */
    public TokenPolicyBuilder allowMissingSessionId() {
        this.missingSessionIdAllowed = true;
        return this;
    }

    /**
     * Says how long the issuer's tokens live at most. Required; longer-lived and older tokens are refused.
     *
     * @param value positive
     * @return this
     */
    public TokenPolicyBuilder maxTokenLifetime(Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("maxTokenLifetime must be positive, and at most 3650 days");
        }
        this.maxTokenLifetime = value;
        return this;
    }

    /**
     * Says how far the issuer's clock and ours may differ; 10 seconds by default. Revocations are remembered longer by
     * the same time.
     *
     * @param value at most five minutes
     * @return this
     */
    public TokenPolicyBuilder skew(Duration value) {
        if (value.isNegative() || value.compareTo(MAX_SKEW) > 0) {
            throw new IllegalArgumentException("skew must be 0 to 5 minutes");
        }
        this.skew = value;
        return this;
    }

    /**
     * Says by which instant cut-offs judge tokens that carry no session id of ours.
     *
     * @param value {@link BeganAt#AUTHENTICATED_AT} by default; read the warning of {@link BeganAt#ISSUED_AT}
     * @return this
     */
    public TokenPolicyBuilder beganAt(BeganAt value) {
        this.beganAt = Objects.requireNonNull(value, "beganAt");
        return this;
    }

    /**
     * Accepts access tokens of issuers that do not follow RFC 9068: {@code typ} may be absent or {@code JWT}, and only
     * {@code iss}, {@code exp} and {@code iat} are required. Any other {@code typ} is still refused, and so are tokens
     * with a claim that only ID tokens, logout tokens or security events have; but an issuer's ID token without such a
     * claim cannot be told from its access token by anything but {@code aud}.
     *
     * @return this
     */
    public TokenPolicyBuilder acceptPlainJwt() {
        this.plainJwtAccepted = true;
        return this;
    }

    /**
     * Caps the length of the compact text, before anything of it is read; 16,384 characters by default.
     *
     * @param characters 64 to 1,048,576
     * @return this
     */
    public TokenPolicyBuilder maxTokenLength(int characters) {
        if (characters < SHORTEST_CAP || characters > LARGEST_CAP) {
            throw new IllegalArgumentException("maxTokenLength must be 64 to 1048576");
        }
        this.maxTokenLength = characters;
        return this;
    }

    /**
     * Makes the policy.
     *
     * @return the policy
     * @throws IllegalStateException if a required setting is missing; the message names it
     * @throws IllegalArgumentException if keys and algorithms do not fit together
     */
    public TokenPolicy build() {
        if (audiences.isEmpty() != anyAudience) {
            throw new IllegalStateException("call either audience(String) or anyAudience()");
        }
        return new TokenPolicy(
                this,
                required(keys, "keys(TokenKeys)"),
                required(sessionIds, "sessionIds(SessionIds)"),
                required(maxTokenLifetime, "maxTokenLifetime(Duration)"));
    }

    Set<Algorithm> allowedBy(TokenKeys source) {
        Set<Algorithm> allowed = EnumSet.copyOf(source.algorithms());
        if (algorithms.isEmpty()) {
            if (Algorithm.isMixed(allowed)) {
                allowed.retainAll(Algorithm.asymmetric());
            }
            return allowed;
        }
        // Each one, so that no secret is too short for an algorithm that the host believes to be in use.
        if (!allowed.containsAll(algorithms)) {
            throw new IllegalArgumentException(
                    "algorithms: the keys do not fit each of them, or a secret is too short");
        }
        return EnumSet.copyOf(algorithms);
    }

    private static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalStateException("missing setting: call " + setting);
        }
        return value;
    }
}
