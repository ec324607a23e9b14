package dev.curfew.examples.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.Session;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/**
 * The host's own maker of access tokens. Thread-safe.
 *
 * <p>Any issuer will do. What Curfew needs in a token are {@code sub} (whose), {@code sid} (the session that Curfew
 * began: it is what makes the token revocable with its session), {@code jti} (which token), {@code iat} and {@code
 * exp}.
 */
final class TokenIssuer {
    static final String ISSUER = "https://demo.curfew.example";
    static final String AUDIENCE = "demo-api";
    static final String CLIENT = "demo-web";
    static final Duration LIFETIME = Duration.ofMinutes(15);

    private static final JWSHeader HEADER = new JWSHeader.Builder(JWSAlgorithm.HS256)
            .type(new JOSEObjectType("at+jwt"))
            .build();

    private final byte[] secret;
    private final MACSigner signer;
    private final Clock clock;

    TokenIssuer(byte[] secret, Clock clock) {
        this.secret = secret.clone();
        this.clock = clock;
        try {
            this.signer = new MACSigner(secret);
        } catch (JOSEException e) {
            throw new IllegalStateException("256 bits are enough for HS256", e);
        }
    }

    /** For the verifier of this same application: a secret never leaves it. */
    byte[] secret() {
        return secret.clone();
    }

    /**
     * For a refresh, at whose time the end of the session may be near, or just over. The token never outlives it: in
     * the last second it is refused wherever it is shown, and the next refresh says that the session is over.
     */
    IssuedAccessToken issue(Session session, Instant notAfter) {
        Instant now = clock.instant();
        Duration left = Duration.between(now, notAfter);
        Duration lifetime = left.compareTo(LIFETIME) < 0 ? left : LIFETIME;
        String text = sign(session, now, now.plus(lifetime));
        // The answer speaks of whole seconds, and of one at least.
        return new IssuedAccessToken(text, lifetime.toSeconds() < 1 ? Duration.ofSeconds(1) : lifetime);
    }

    String issue(Session session) {
        Instant now = clock.instant();
        return sign(session, now, now.plus(LIFETIME));
    }

    private String sign(Session session, Instant now, Instant expiresAt) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .claim("client_id", CLIENT)
                .subject(session.subject().value())
                .claim("sid", session.handle().value())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(expiresAt))
                .build();
        SignedJWT token = new SignedJWT(HEADER, claims);
        try {
            token.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("signing failed", e);
        }
        return token.serialize();
    }
}
