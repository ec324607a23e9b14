package dev.curfew.examples.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionIds;
import dev.curfew.token.TokenPolicy;
import dev.curfew.token.TokenVerifier;
import dev.curfew.token.VerifiedToken;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;

/** An issuer of access tokens of 700 characters, each of a subject and a session of its own. Thread-safe. */
final class TokenIssuer {
    static final Realm REALM = Realm.of("shop");
    static final String ISSUER = "https://login.example.com";
    static final String AUDIENCE = "https://api.example.com";
    static final int LENGTH = 700;

    private static final Duration LIFETIME = Duration.ofHours(12);

    private final SigningKey key;
    private final TokenPolicy policy;
    private final SecureRandom random = new SecureRandom();

    TokenIssuer(SigningKey key) {
        this.key = key;
        this.policy = TokenPolicy.forIssuer(REALM, ISSUER)
                .keys(key.keys())
                .audience(AUDIENCE)
                .sessionIds(SessionIds.OURS)
                .maxTokenLifetime(LIFETIME)
                .build();
    }

    TokenPolicy policy() {
        return policy;
    }

    /** A verifier that remembers so many tokens that it verified; none if 0. */
    TokenVerifier verifier(int cacheEntries) {
        return TokenVerifier.builder(policy).cache(cacheEntries).build();
    }

    /** Tokens that were verified. */
    List<VerifiedToken> verified(String prefix, int count) {
        TokenVerifier verifier = verifier(0);
        return compact(prefix, count).stream().map(verifier::verify).toList();
    }

    /** Tokens as they travel. */
    List<String> compact(String prefix, int count) {
        List<String> tokens = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            tokens.add(compact(prefix + i));
        }
        return tokens;
    }

    private String compact(String name) {
        SubjectId subject = new SubjectId(REALM, name);
        SessionId session = SessionId.mint(subject, Instant.now(), random);
        String scope = "";
        String compact = compact(name, session, scope);
        while (compact.length() < LENGTH) {
            scope = scope + "r".repeat(Math.max(1, (LENGTH - compact.length()) * 3 / 4 - 1));
            compact = compact(name, session, scope);
        }
        return compact;
    }

    private String compact(String name, SessionId session, String scope) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(name)
                .jwtID("jti-" + name)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("client_id", "web")
                .claim("sid", session.value())
                .claim("scope", scope)
                .build();
        try {
            SignedJWT token = new SignedJWT(
                    new JWSHeader.Builder(key.algorithm())
                            .type(new JOSEObjectType("at+jwt"))
                            .build(),
                    claims);
            token.sign(key.signer());
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
