package dev.curfew.testkit;

import dev.curfew.http.AccessTokenIssuer;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Issues real access tokens, signed (HS256) with a key that is drawn anew for each issuer, and such as a verifier has
 * to refuse. Thread-safe.
 *
 * <p>Each method answers one token in compact form. For whatever else may be wrong with a token, {@link #draft} one.
 */
public final class TestIssuer implements AccessTokenIssuer {
    /** How long a token lives, and how old it may be. */
    public static final Duration LIFETIME = Duration.ofMinutes(15);

    private static final int KEY_BYTES = 32;

    private final byte[] secret = random();
    private final byte[] anotherSecret = random();
    private final AtomicLong numbers = new AtomicLong();
    private final Realm realm;
    private final String issuer;
    private final String audience;
    private final Clock clock;
    private final TokenPolicy policy;

    TestIssuer(Realm realm, String issuer, String audience, Clock clock, UnaryOperator<TokenPolicyBuilder> changes) {
        this.realm = realm;
        this.issuer = issuer;
        this.audience = audience;
        this.clock = clock;
        this.policy = changes.apply(TokenPolicy.forIssuer(realm, issuer)
                        .keys(keys())
                        .audience(audience)
                        .sessionIds(SessionIds.OURS)
                        .maxTokenLifetime(LIFETIME))
                .build();
    }

    /**
     * An issuer without a {@link TestCurfew}, for tests of the code that builds the host's own verifier and service.
     *
     * @param realm of its subjects
     * @param issuer in {@code iss}
     * @param audience in {@code aud}
     * @param clock of its tokens
     * @return the issuer
     */
    public static TestIssuer of(Realm realm, String issuer, String audience, Clock clock) {
        return new TestIssuer(realm, issuer, audience, clock, UnaryOperator.identity());
    }

    /** {@return the realm of its subjects} */
    public Realm realm() {
        return realm;
    }

    /** {@return the policy by which its tokens are verified} */
    public TokenPolicy policy() {
        return policy;
    }

    /** {@return its key, for a policy of the host's own} */
    public TokenKeys keys() {
        return TokenKeys.ofSecret("test-key", secret);
    }

    /**
     * A good token, issued now.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String token(Session session) {
        return draft(session).sign();
    }

    /**
     * A token that expired a minute ago and is authentic: good for nothing but a logout.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String expired(Session session) {
        Instant end = clock.instant().minusSeconds(60);
        return draft(session).times(end.minus(LIFETIME), end).sign();
    }

    /**
     * A token that begins to be valid in an hour.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String notYetValid(Session session) {
        Instant begin = clock.instant().plusSeconds(3_600);
        return draft(session).times(begin, begin.plus(LIFETIME)).sign();
    }

    /**
     * A token that somebody else has signed, under the name of the right key.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String forged(Session session) {
        return draft(session).forge();
    }

    /**
     * A token without a signature: {@code alg} is {@code none}.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String unsigned(Session session) {
        return draft(session).leaveUnsigned();
    }

    /**
     * A token for another API.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String ofAnotherAudience(Session session) {
        return draft(session).claim("aud", "https://another-api.test.example").sign();
    }

    /**
     * A token that names another issuer.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String ofAnotherIssuer(Session session) {
        return draft(session)
                .claim("iss", "https://another-issuer.test.example")
                .sign();
    }

    /**
     * A token without {@code sid}, which would not end with any session.
     *
     * @param session whose subject it is of
     * @return its text
     */
    public String withoutSid(Session session) {
        return draft(session).without("sid").sign();
    }

    /**
     * A token whose {@code typ} is {@code JWT}, as many frameworks issue them, and not {@code at+jwt}.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String plainJwt(Session session) {
        return draft(session).type("JWT").sign();
    }

    /**
     * An ID token of OpenID Connect: who holds it is signed in at the client, and may not call an API with it.
     *
     * @param session in its {@code sid}
     * @return its text
     */
    public String idToken(Session session) {
        return draft(session)
                .type("JWT")
                .claim("nonce", "a-nonce")
                .claim("azp", "test-client")
                .without("client_id")
                .sign();
    }

    /**
     * Starts a token of a session.
     *
     * @param session in its {@code sid}
     * @return a good token that is not signed yet
     */
    public TestToken draft(Session session) {
        return draft(session.subject()).claim("sid", session.handle().value());
    }

    /**
     * Starts a token that names no session.
     *
     * @param subject in its {@code sub}
     * @return a token that is not signed yet
     */
    public TestToken draft(SubjectId subject) {
        Instant now = clock.instant();
        return new TestToken(secret, anotherSecret)
                .claim("iss", issuer)
                .claim("aud", audience)
                .claim("sub", subject.value())
                .claim("client_id", "test-client")
                .claim("jti", "test-token-" + numbers.incrementAndGet())
                .times(now, now.plus(LIFETIME));
    }

    /** Issues the access token of a refresh, which does not outlive its session. */
    @Override
    public IssuedAccessToken issue(
            Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, notAfter);
        Duration life = left.compareTo(LIFETIME) < 0 ? left : LIFETIME;
        TestToken token = draft(session).times(now, now.plus(life));
        if (!scopes.isEmpty()) {
            token.claim("scope", String.join(" ", new TreeSet<>(scopes)));
        }
        senderKey.ifPresent(key -> token.claim("cnf", Map.of(confirmation(key.kind()), key.thumbprint())));
        return new IssuedAccessToken(token.sign(), life.toSeconds() < 1 ? Duration.ofSeconds(1) : life);
    }

    /** The member of {@code cnf} by which RFC 9449 and RFC 8705 name a key. */
    private static String confirmation(SenderKey.Kind kind) {
        return kind == SenderKey.Kind.JKT ? "jkt" : "x5t#S256";
    }

    private static byte[] random() {
        byte[] bytes = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
