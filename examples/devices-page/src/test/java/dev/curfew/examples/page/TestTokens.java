package dev.curfew.examples.page;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenPolicy;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** The access tokens of the host of a test. Immutable. */
final class TestTokens {
    private static final String ISSUER = "https://page.example";
    private static final String AUDIENCE = "page-api";
    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private final byte[] secret = new byte[32];
    private final TokenPolicy policy;

    TestTokens(Realm realm) {
        new SecureRandom().nextBytes(secret);
        this.policy = TokenPolicy.forIssuer(realm, ISSUER)
                .keys(TokenKeys.ofSecret("page-key", secret))
                .audience(AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .allowMissingSessionId()
                .maxTokenLifetime(LIFETIME)
                .build();
    }

    TokenPolicy policy() {
        return policy;
    }

    String of(Session session) {
        return of(session, session.handle().value(), Instant.now());
    }

    /** One whose time is over. */
    String expired(Session session) {
        return of(
                session, session.handle().value(), Instant.now().minus(LIFETIME).minusSeconds(60));
    }

    /** One that names no session. */
    String withoutSession(Session session) {
        return of(session, null, Instant.now());
    }

    private String of(Session session, String sid, Instant issuedAt) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                .type(new JOSEObjectType("at+jwt"))
                .build();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(session.subject().value())
                .claim("client_id", "page-web")
                .claim("sid", sid)
                .claim("auth_time", issuedAt.getEpochSecond())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(issuedAt))
                .expirationTime(Date.from(issuedAt.plus(LIFETIME)))
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("256 bits are enough for HS256", e);
        }
        return token.serialize();
    }
}
