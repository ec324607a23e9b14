package dev.curfew.http;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.contract.ManualClock;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshPolicy;
import dev.curfew.refresh.RetryRule;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionLimit;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.store.StoredSession;
import dev.curfew.token.RenewResult;
import dev.curfew.token.SessionIds;
import dev.curfew.token.SessionRenewal;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenPolicyBuilder;
import dev.curfew.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * An application in a box: a real service over a real store, an issuer with a real key, and a clock that stands still.
 */
final class Host {
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    static final Realm REALM = Realm.of("shop");
    static final SubjectId ALICE = new SubjectId(REALM, "alice");
    static final SubjectId BOB = new SubjectId(REALM, "bob");
    static final Duration TOKEN_LIFETIME = Duration.ofMinutes(15);
    static final SessionCookie COOKIE = SessionCookie.named("__Host-at").build();

    static final RefreshPolicy REFRESHES = RefreshPolicy.withoutKey(RetryRule.siblings(Duration.ofSeconds(10)))
            .withKey(RetryRule.sameAttempt().orSiblings(Duration.ofSeconds(10)));

    private static final String ISSUER = "https://login.example.com";
    private static final String AUDIENCE = "https://api.example.com";
    private static final byte[] SECRET = random();
    private static final byte[] OTHER_SECRET = random();

    final ManualClock clock = ManualClock.at(START);
    final WatchedStore store = new WatchedStore();
    final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    final SessionService service;
    final TokenVerifier verifier;
    private final AtomicInteger tokens = new AtomicInteger();

    private Host(SessionIds sessionIds) {
        TokenPolicyBuilder policy = TokenPolicy.forIssuer(REALM, ISSUER)
                .keys(TokenKeys.ofSecret("test", SECRET))
                .algorithms("HS256")
                .audience(AUDIENCE)
                .sessionIds(sessionIds)
                .allowMissingSessionId()
                .maxTokenLifetime(TOKEN_LIFETIME);
        this.verifier = TokenVerifier.builder(policy.build()).clock(clock).build();
        this.service = SessionService.builder()
                .store(store.store())
                .lifetimes(SessionLifetimes.aal2())
                .maxTokenLifetime(TOKEN_LIFETIME)
                .clock(clock)
                .refreshTokens(REFRESHES)
                .authoritativeChecks()
                .eventExecutor(Runnable::run)
                .listener(events::add)
                .withoutAuditLog()
                .build();
        // Beyond the birth of the store.
        clock.advance(Duration.ofMinutes(1));
    }

    static Host create() {
        return new Host(SessionIds.OURS);
    }

    static Host withForeignSessionIds() {
        return new Host(SessionIds.FOREIGN);
    }

    SessionEndpointsBuilder endpoints() {
        return SessionEndpoints.builder().service(service).verifier(verifier).clock(clock);
    }

    SessionEndpoints endpoints(Profile profile) {
        return endpoints()
                .profile(profile)
                .credentialCookie(COOKIE)
                .allowedOrigins("https://app.example.com")
                .build();
    }

    Session login(SubjectId subject) {
        clock.advance(Duration.ofSeconds(1));
        return service.beginLogin(subject)
                .complete(DeviceInfo.of("Firefox on Linux"))
                .orElseThrow();
    }

    /** A login that asks for a credential. */
    LoggedIn login(SubjectId subject, UnaryOperator<LoginAttempt> wishes) {
        clock.advance(Duration.ofSeconds(1));
        return (LoggedIn) wishes.apply(service.beginLogin(subject)).complete(DeviceInfo.of("Firefox on Linux"));
    }

    /** The session token of a new session. */
    SecretToken sessionToken(SubjectId subject) {
        return login(subject, LoginAttempt::withSessionToken).token().orElseThrow();
    }

    /** The refresh token of a new session. */
    SecretToken refreshToken(SubjectId subject) {
        return login(subject, attempt -> attempt.withRefreshToken(RefreshBinding.none()))
                .token()
                .orElseThrow();
    }

    /** Issues access tokens as an application does. */
    IssuedAccessToken issue(Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter) {
        Map<String, Object> claims = claims(session.subject());
        claims.put("sid", session.handle().value());
        claims.put("scope", String.join(" ", new TreeSet<>(scopes)));
        claims.put("exp", Math.min((Long) claims.get("exp"), notAfter.getEpochSecond()));
        senderKey.ifPresent(key -> claims.put("cnf", Map.of("jkt", key.thumbprint())));
        return new IssuedAccessToken(sign(claims), TOKEN_LIFETIME);
    }

    /** Exchanges a session token for its successor. */
    SecretToken renew(SecretToken token) {
        RenewResult result = service.credentials().renew(REALM, token.reveal(), SessionRenewal.ofSecret());
        return ((RenewResult.Renewed) result).token();
    }

    /** What looks like a credential of that session, made by somebody who knows its public id. */
    static SecretToken guess(CredentialKind kind, SessionId session) {
        return SecretToken.mint(kind, session, new SecureRandom());
    }

    /** What looks like a credential of a session that never was. */
    SecretToken invented(CredentialKind kind) {
        return guess(kind, SessionId.mint(ALICE, clock.instant(), new SecureRandom()));
    }

    boolean isLive(SecretToken token) {
        return service.findSession(SessionRef.of(REALM, token.session()))
                .orElseThrow()
                .isLive(clock.instant());
    }

    /** A fresh token of a session. */
    String token(Session session) {
        Map<String, Object> claims = claims(session.subject());
        claims.put("sid", session.handle().value());
        return sign(claims);
    }

    /** A row that is damaged, or encrypted with a key that is not there. */
    SessionId unreadableSession(SubjectId subject) {
        Instant now = clock.instant();
        SessionId id = SessionId.mint(subject, now, new SecureRandom());
        StoredSession row = StoredSession.of(subject, SessionRef.of(subject, id))
                .authenticatedAt(now)
                .createdAt(now)
                .ends(now.plus(Duration.ofHours(24)), Duration.ofHours(1))
                .forgetAfter(now.plus(Duration.ofHours(25)))
                .payload(new byte[] {99})
                .build();
        store.store().insert(row, SessionLimit.unlimited(), now);
        return id;
    }

    String expired(String token) {
        clock.advance(TOKEN_LIFETIME.plusMinutes(1));
        return token;
    }

    Map<String, Object> claims(SubjectId subject) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", subject.value());
        claims.put("client_id", "web");
        claims.put("jti", "token-" + tokens.incrementAndGet());
        claims.put("iat", now);
        claims.put("auth_time", now);
        claims.put("exp", now + TOKEN_LIFETIME.toSeconds());
        return claims;
    }

    String sign(Map<String, Object> claims) {
        return sign(claims, SECRET);
    }

    /** What looks like a token of that session, signed by somebody else. */
    String forged(Session session) {
        Map<String, Object> claims = claims(session.subject());
        claims.put("sid", session.handle().value());
        return sign(claims, OTHER_SECRET);
    }

    boolean isLive(Session session) {
        return service.findSession(session.ref()).orElseThrow().isLive(clock.instant());
    }

    boolean isAccepted(String token) {
        return service.checker().check(verifier.verify(token)).permits();
    }

    <T extends SessionEvent> long count(Class<T> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    static EndpointRequest.Builder post(String token) {
        return EndpointRequest.of("POST").header("Authorization", "Bearer " + token);
    }

    static EndpointRequest.Builder get(String token) {
        return EndpointRequest.of("GET").header("Authorization", "Bearer " + token);
    }

    static EndpointRequest.Builder delete(String token) {
        return EndpointRequest.of("DELETE").header("Authorization", "Bearer " + token);
    }

    static EndpointRequest.Builder json(EndpointRequest.Builder request, String body) {
        return request.header("Content-Type", "application/json").body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] random() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    private static String sign(Map<String, Object> claims, byte[] secret) {
        try {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .type(new JOSEObjectType("at+jwt"))
                    .build();
            JWSObject token = new JWSObject(header, new Payload(claims));
            token.sign(new MACSigner(secret));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
