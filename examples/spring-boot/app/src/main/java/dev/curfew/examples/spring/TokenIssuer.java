package dev.curfew.examples.spring;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.http.AccessTokenIssuer;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The shop's own maker of access tokens (RFC 9068); with it as a bean, Curfew answers refreshes. Thread-safe. */
@Component
final class TokenIssuer implements AccessTokenIssuer {
    private static final Duration LIFETIME = Duration.ofMinutes(15);
    private static final JWSHeader HEADER = new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(new JOSEObjectType("at+jwt"))
            .build();

    private final MACSigner signer;

    TokenIssuer(@Value("${curfew.secret}") String secret) throws JOSEException {
        this.signer = new MACSigner(Base64.getDecoder().decode(secret));
    }

    /** The token never outlives its session. */
    @Override
    public IssuedAccessToken issue(
            Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter) {
        Instant now = Instant.now();
        Instant end = now.plus(LIFETIME).isBefore(notAfter) ? now.plus(LIFETIME) : notAfter;
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("https://shop.example.com")
                .audience("shop-api")
                .claim("client_id", "shop-web")
                .subject(session.subject().value())
                // It is this that makes the token revocable with its session.
                .claim("sid", session.handle().value())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(end))
                .build();
        SignedJWT token = new SignedJWT(HEADER, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        // The answer speaks of whole seconds, and of one at least.
        Duration lifetime = Duration.between(now, end);
        return new IssuedAccessToken(token.serialize(), lifetime.toSeconds() < 1 ? Duration.ofSeconds(1) : lifetime);
    }
}
