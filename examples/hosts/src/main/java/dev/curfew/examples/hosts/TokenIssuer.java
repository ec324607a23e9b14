package dev.curfew.examples.hosts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** The shop's own maker of access tokens (RFC 9068). Thread-safe. */
final class TokenIssuer {
    private static final JWSHeader HEADER = new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(new JOSEObjectType("at+jwt"))
            .build();

    private final MACSigner signer;

    TokenIssuer(byte[] secret) {
        try {
            this.signer = new MACSigner(secret);
        } catch (JOSEException e) {
            throw new IllegalStateException("256 bits are enough for HS256", e);
        }
    }

    /** A token that does not outlive its session. */
    IssuedAccessToken issue(Session session, Instant notAfter) {
        Instant now = Instant.now();
        Instant end = now.plus(Shop.TOKEN_LIFETIME);
        Instant expiresAt = end.isBefore(notAfter) ? end : notAfter;
        Duration left = Duration.between(now, expiresAt);
        // The answer speaks of whole seconds, and of one at least.
        return new IssuedAccessToken(
                sign(session, now, expiresAt), left.toSeconds() < 1 ? Duration.ofSeconds(1) : left);
    }

    private String sign(Session session, Instant now, Instant expiresAt) {
        SignedJWT token = new SignedJWT(
                HEADER,
                new JWTClaimsSet.Builder()
                        .issuer(Shop.ISSUER)
                        .audience(Shop.AUDIENCE)
                        .claim("client_id", Shop.CLIENT)
                        .subject(session.subject().value())
                        // What makes the token end with its session.
                        .claim("sid", session.handle().value())
                        .jwtID(UUID.randomUUID().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(expiresAt))
                        .build());
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return token.serialize();
    }
}
