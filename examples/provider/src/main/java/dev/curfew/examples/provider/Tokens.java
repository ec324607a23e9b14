package dev.curfew.examples.provider;

import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.ClientId;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionHandle;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Makes ID tokens, access tokens and logout tokens. Thread-safe. The key is drawn at the start; a real provider keeps
 * it, and publishes the next one before it signs with it.
 */
final class Tokens {
    /** Of the resources behind this provider. */
    static final String AUDIENCE = "demo-api";

    static final Duration LIFETIME = Duration.ofMinutes(5);

    /** Back-Channel Logout 1.0 section 4 wants two minutes at most. */
    private static final Duration LOGOUT_LIFETIME = Duration.ofMinutes(2);

    /** With http, in place of the https of other events: so it stands in the specification. */
    private static final String LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

    private final URI issuer;
    private final SigningKey key;
    private final Clock clock;

    Tokens(URI issuer, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.key = newKey();
    }

    String jwkSet() {
        return SigningKey.jwkSet(List.of(key));
    }

    String idToken(Grant grant) {
        Instant now = clock.instant();
        Map<String, Object> claims =
                claims(now, now.plus(LIFETIME), grant.party().id());
        claims.put("sub", grant.subject().value());
        claims.put("sid", grant.session().value());
        claims.put("auth_time", grant.authenticatedAt().getEpochSecond());
        grant.nonce().ifPresent(nonce -> claims.put("nonce", nonce));
        return key.sign("JWT", claims);
    }

    /** Of a sign-on; it ends with that. */
    IssuedAccessToken accessToken(Grant grant, Instant notAfter) {
        return accessToken(
                grant.subject(), grant.session(), grant.party().id(), String.join(" ", grant.scopes()), notAfter);
    }

    /** Of a session with a refresh token: what Curfew's refresh endpoint asks for. */
    IssuedAccessToken issue(Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter) {
        String client = session.client().map(ClientId::value).orElseThrow();
        return accessToken(session.subject(), session.handle(), client, String.join(" ", scopes), notAfter);
    }

    /** That a login is over (Back-Channel Logout 1.0 section 2.4): it and no other of the person. */
    String logoutToken(String client, SubjectId subject, SessionHandle session) {
        Instant now = clock.instant();
        Map<String, Object> claims = claims(now, now.plus(LOGOUT_LIFETIME), client);
        claims.put("sub", subject.value());
        claims.put("sid", session.value());
        claims.put("events", Map.of(LOGOUT_EVENT, Map.of()));
        return key.sign("logout+jwt", claims);
    }

    private IssuedAccessToken accessToken(
            SubjectId subject, SessionHandle session, String client, String scope, Instant notAfter) {
        Instant now = clock.instant();
        Instant end = now.plus(LIFETIME).isBefore(notAfter) ? now.plus(LIFETIME) : notAfter;
        Map<String, Object> claims = claims(now, end, AUDIENCE);
        claims.put("sub", subject.value());
        claims.put("client_id", client);
        // What makes the token end with its session.
        claims.put("sid", session.value());
        claims.put("scope", scope);
        Duration left = Duration.between(now, end);
        return new IssuedAccessToken(key.sign("at+jwt", claims), left.toSeconds() < 1 ? Duration.ofSeconds(1) : left);
    }

    private Map<String, Object> claims(Instant now, Instant end, String audience) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", issuer.toString());
        claims.put("aud", audience);
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", end.getEpochSecond());
        claims.put("jti", UUID.randomUUID().toString());
        return claims;
    }

    private static SigningKey newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            KeyPair pair = generator.generateKeyPair();
            return SigningKey.of(UUID.randomUUID().toString(), "RS256", pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has RSA", e);
        }
    }
}
