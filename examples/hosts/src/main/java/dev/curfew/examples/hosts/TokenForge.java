package dev.curfew.examples.hosts;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.PlainHeader;
import com.nimbusds.jose.PlainObject;
import com.nimbusds.jose.crypto.MACSigner;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Makes tokens that the shop would not issue. Immutable. */
final class TokenForge {
    private final byte[] secret;

    TokenForge(byte[] secret) {
        this.secret = secret.clone();
    }

    /** The claims of a good token of that session. */
    static Map<String, Object> claims(String subject, String session) {
        return claims(subject, session, Instant.now());
    }

    /** The claims of one that was issued then. */
    static Map<String, Object> claims(String subject, String session, Instant issuedAt) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", Shop.ISSUER);
        claims.put("aud", Shop.AUDIENCE);
        claims.put("client_id", Shop.CLIENT);
        claims.put("sub", subject);
        claims.put("sid", session);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("iat", issuedAt.getEpochSecond());
        claims.put("exp", issuedAt.plus(Duration.ofMinutes(5)).getEpochSecond());
        return claims;
    }

    String sign(Map<String, Object> claims) {
        return sign(claims, "at+jwt");
    }

    String sign(Map<String, Object> claims, String type) {
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(new JOSEObjectType(type))
                        .build(),
                new Payload(claims));
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return token.serialize();
    }

    static String unsigned(Map<String, Object> claims) {
        return new PlainObject(
                        new PlainHeader.Builder()
                                .type(new JOSEObjectType("at+jwt"))
                                .build(),
                        new Payload(claims))
                .serialize();
    }
}
