package dev.curfew.token;

import dev.curfew.jose.Algorithm;
import dev.curfew.session.Realm;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects the settings of a {@link TokenPolicy}. Confined to one thread. */
public final class TokenPolicyBuilder {
    private static final Duration MAX_SKEW = Duration.ofMinutes(5);
    private static final Duration LONGEST_LIFETIME = Duration.ofDays(3650);
    private static final int SHORTEST_CAP = 64;
    private static final int LARGEST_CAP = 1 << 20;

    private final Realm realm;
    private final String issuer;
    private final Set<Algorithm> algorithms = EnumSet.noneOf(Algorithm.class);
    private final AudienceSettings audience = new AudienceSettings();
    private final KindSettings kind = new KindSettings();
    private final NamingSettings naming = new NamingSettings();
    private final TimeSettings times = new TimeSettings();
    private @Nullable TokenKeys keys;
    private int maxTokenLength = 16 * 1024;
    private boolean realmShared;

    TokenPolicyBuilder(Realm realm, String issuer) {
        if (issuer.isEmpty()) {
            throw new IllegalArgumentException(
                    "forIssuer: the issuer must not be empty, but what the tokens' iss says");
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
                    .orElseThrow(() -> new IllegalArgumentException("algorithms: \"" + name
                            + "\" is not known or refused; for example HS256, RS256, PS256,"
                            + " ES256 or EdDSA, exactly so")));
        }
        if (Algorithm.isMixed(algorithms)) {
            throw new IllegalArgumentException(
                    "algorithms must not mix symmetric ones (HS256, …) and asymmetric ones, and are " + algorithms);
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
        audience.audiences.add(value);
        return this;
    }

    /**
     * Accepts tokens for whomever they are meant. Then a token that the issuer made for another service opens this one;
     * only for issuers that serve nobody else.
     *
     * @return this
     */
    public TokenPolicyBuilder anyAudience() {
        audience.isAny = true;
        return this;
    }

    /**
     * Accepts only tokens that the issuer made for one of these clients.
     *
     * @param first a client as the claim of {@link #clientClaims} spells it
     * @param more others
     * @return this
     */
    public TokenPolicyBuilder allowedClients(String first, String... more) {
        audience.clients.addAll(texts("allowedClients", first, more));
        return this;
    }

    /**
     * Accepts only tokens in which a claim is one of these texts, for example {@code require("token_use", "access")}.
     * An array is no text, also if it contains one.
     *
     * @param claim its name
     * @param first a text; compared character by character
     * @param more others that will do
     * @return this
     */
    public TokenPolicyBuilder require(String claim, String first, String... more) {
        if (claim.isEmpty()) {
            throw new IllegalArgumentException("require: the name of a claim must not be empty");
        }
        if (kind.required.putIfAbsent(claim, texts("require", first, more)) != null) {
            throw new IllegalArgumentException(
                    "require: the claim " + claim + " is required already: give all texts at once");
        }
        return this;
    }

    /**
     * Declares that this issuer shares subjects, token ids and session ids with other issuers of the same realm, whose
     * policies say so too: the same text means the same thing in the tokens of each, and whatever is revoked is revoked
     * for all of them. For two versions or two host names of one provider. If it is not so, one issuer's users can end
     * and list what is another's.
     *
     * @return this
     */
    public TokenPolicyBuilder sharesRealm() {
        this.realmShared = true;
        return this;
    }

    /**
     * Declares whose session ids the tokens carry. Required.
     *
     * @param value ours, if the host passes our session ids to its issuer; foreign, if the issuer has its own; or none
     * @return this
     */
    public TokenPolicyBuilder sessionIds(SessionIds value) {
        naming.sessionIds = Objects.requireNonNull(value, "sessionIds");
        return this;
    }

    /**
     * Sets where the session id stands; {@code sid} by default. Of the claims that a token has, the first one counts;
     * if that is malformed, the token is refused.
     *
     * @param first the name of a claim, for example {@code session_id} or {@code origin_jti}
     * @param more others
     * @return this
     */
    public TokenPolicyBuilder sessionIdClaims(String first, String... more) {
        naming.sessions = ClaimNames.checked("sessionIdClaims", first, more);
        return this;
    }

    /**
     * Sets where the subject stands; {@code sub} by default. The same rules as for {@link #sessionIdClaims}.
     *
     * @param first the name of a claim, for example {@code oid}; it must never be given to another person
     * @param more others
     * @return this
     */
    public TokenPolicyBuilder subjectClaims(String first, String... more) {
        naming.subjects = ClaimNames.checked("subjectClaims", first, more);
        return this;
    }

    /**
     * Sets where the client stands; {@code client_id}, else {@code azp}, by default. The same rules as for
     * {@link #sessionIdClaims}.
     *
     * @param first the name of a claim, for example {@code cid} or {@code appid}
     * @param more others
     * @return this
     */
    public TokenPolicyBuilder clientClaims(String first, String... more) {
        naming.clients = ClaimNames.checked("clientClaims", first, more);
        return this;
    }

    /**
     * Sets where the token's own id stands; {@code jti} by default. The same rules as for {@link #sessionIdClaims}. A
     * token without one is known by what was signed.
     *
     * @param first the name of a claim, for example {@code uti}; it must differ from token to token
     * @param more others
     * @return this
     */
    public TokenPolicyBuilder tokenIdClaims(String first, String... more) {
        naming.tokenIds = ClaimNames.checked("tokenIdClaims", first, more);
        return this;
    }

    /**
     * Accepts tokens without a session id. Such a token is not ended with any session, only by itself or by a cut-off;
     * a malformed id is still refused. If no token of the issuer has one, say {@link SessionIds#NONE} instead.
     *
     * @return this
     */
    public TokenPolicyBuilder allowMissingSessionId() {
        naming.sessionMayMiss = true;
        return this;
    }

    /**
     * Accepts tokens without a subject. Such a token does not end with "all sessions" of anybody, only by itself, with
     * its session, its client, its realm or its key; a malformed subject is still refused.
     *
     * @return this
     */
    public TokenPolicyBuilder allowMissingSubject() {
        naming.subjectMayMiss = true;
        return this;
    }

    /**
     * Accepts tokens without a client. Such a token does not end with any client; a malformed client is still refused.
     * If no token of the issuer names one, say {@link #withoutClients} instead.
     *
     * @return this
     */
    public TokenPolicyBuilder allowMissingClient() {
        naming.clientNaming = Naming.SOMETIMES;
        return this;
    }

    /**
     * Declares that the tokens name no client; no claim is read as one. What would revoke a client is answered
     * accordingly.
     *
     * @return this
     */
    public TokenPolicyBuilder withoutClients() {
        naming.clientNaming = Naming.NEVER;
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
            throw new IllegalArgumentException(
                    "maxTokenLifetime must be positive, and at most 3650 days, and is " + value);
        }
        times.maxTokenLifetime = value;
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
            throw new IllegalArgumentException("skew must be 0 to 5 minutes, and is " + value);
        }
        times.skew = value;
        return this;
    }

    /**
     * Says by which instant cut-offs judge tokens that carry no session id of ours.
     *
     * @param value {@link BeganAt#AUTHENTICATED_AT} by default; read the warning of {@link BeganAt#ISSUED_AT}
     * @return this
     */
    public TokenPolicyBuilder beganAt(BeganAt value) {
        times.beganAt = Objects.requireNonNull(value, "beganAt");
        return this;
    }

    /**
     * Accepts access tokens of issuers that do not follow RFC 9068: {@code typ} may be absent or {@code JWT}, and no
     * more is required than {@code iss}, {@code exp}, {@code iat}, and what the other settings demand. Any other
     * {@code typ} is still refused, and so are tokens with a claim that says, or shows, that they are of another kind:
     * ID tokens, refresh tokens, logout tokens, security events. An ID token without any such claim cannot be told from
     * an access token by anything but {@code aud}, {@link #require} and {@link #allowedClients}.
     *
     * @return this
     */
    public TokenPolicyBuilder acceptPlainJwt() {
        kind.acceptsPlainJwt = true;
        return this;
    }

    /**
     * Accepts this issuer's <b>ID tokens</b>, for issuers whose ID token is what clients send to an API, such as
     * Firebase and Google. An ID token is meant for the client that is its audience, and that client may pass it on:
     * whoever gets hold of one opens this API with it.
     *
     * @return this
     */
    public TokenPolicyBuilder idTokensAreBearerTokens() {
        kind.acceptsIdTokens = true;
        return this;
    }

    /**
     * Accepts access tokens with a {@code nonce}, which else shows that a token is an ID token; for Keycloak before
     * version 25. Then require what tells the two apart, for example {@code require("typ", "Bearer")}.
     *
     * @return this
     */
    public TokenPolicyBuilder allowNonce() {
        kind.acceptsNonce = true;
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
            throw new IllegalArgumentException("maxTokenLength must be 64 to 1048576, and is " + characters);
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
        AudienceRule audiences = audience.build(issuer);
        if (!audiences.clients().isEmpty() && naming.clientNaming == Naming.NEVER) {
            throw new IllegalStateException(
                    "the policy of " + issuer + " says allowedClients(...), which" + " contradicts withoutClients()");
        }
        TokenKeys issuersKeys = keys;
        if (issuersKeys == null) {
            throw missing(
                    issuer,
                    "keys(TokenKeys): of TokenKeys.ofSecret, ofPublicKey, ofJwkSet, remote or verifiedElsewhere");
        }
        ;
        TokenRules rules = new TokenRules(
                allowedBy(issuersKeys),
                maxTokenLength,
                audiences,
                kind.build(),
                naming.build(issuer),
                times.build(issuer),
                realmShared);
        issuersKeys.source().usedBy(issuer);
        return new TokenPolicy(realm, issuer, issuersKeys, rules, null);
    }

    /** Of all tenants; those of a single issuer would be nobody's. */
    TokenPolicyBuilder keysOfTenants(TokenKeys value) {
        if (keys != null) {
            throw new IllegalStateException("tokens(...) must not set keys: the TenantPolicy has them");
        }
        return keys(value);
    }

    private Set<Algorithm> allowedBy(TokenKeys source) {
        Set<Algorithm> allowed = EnumSet.copyOf(source.algorithms());
        if (algorithms.isEmpty()) {
            if (Algorithm.isMixed(allowed)) {
                allowed.retainAll(Algorithm.asymmetric());
            }
            return allowed;
        }
        // Each one, so that no secret is too short for an algorithm that the host believes to be in use.
        if (!allowed.containsAll(algorithms)) {
            throw new IllegalArgumentException("algorithms: " + algorithms + " are to be allowed, and the keys of "
                    + issuer + " can verify " + allowed + " (HS384 needs a secret of 48 bytes, and HS512 one of 64)");
        }
        return EnumSet.copyOf(algorithms);
    }

    private static Set<String> texts(String setting, String first, String... more) {
        Set<String> all = new LinkedHashSet<>(List.of(more));
        all.add(first);
        if (all.contains("")) {
            throw new IllegalArgumentException(setting + ": a text must not be empty");
        }
        return Set.copyOf(all);
    }

    static IllegalStateException missing(String issuer, String setting) {
        return new IllegalStateException("missing setting: the policy of " + issuer + " needs " + setting);
    }
}
