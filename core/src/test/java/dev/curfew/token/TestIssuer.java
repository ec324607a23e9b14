package dev.curfew.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.session.Realm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Signs whatever a test wants, right or wrong, with real keys. */
final class TestIssuer {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    static final Realm REALM = Realm.of("shop");
    static final String ISSUER = "https://login.example.com";
    static final String AUDIENCE = "https://api.example.com";
    static final Duration LIFETIME = Duration.ofMinutes(15);

    static final KeyPair RSA = rsa(2048);
    static final KeyPair OTHER_RSA = rsa(2048);
    static final KeyPair P256 = ec("secp256r1");
    static final KeyPair P384 = ec("secp384r1");
    static final KeyPair P521 = ec("secp521r1");
    static final KeyPair ED25519 = pair("Ed25519");
    static final byte[] SECRET = random(64);

    private TestIssuer() {}

    /** A policy that demands everything, over the RSA key. */
    static TokenPolicyBuilder policy() {
        return policy(TokenKeys.ofPublicKey(RSA.getPublic()));
    }

    /** Gives another realm's policy whatever it still lacks. */
    static TokenPolicy complete(TokenPolicyBuilder started) {
        return started.keys(TokenKeys.ofPublicKey(OTHER_RSA.getPublic()))
                .audience(AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(LIFETIME)
                .build();
    }

    static TokenPolicyBuilder policy(TokenKeys keys) {
        return TokenPolicy.forIssuer(REALM, ISSUER)
                .keys(keys)
                .audience(AUDIENCE)
                .sessionIds(SessionIds.FOREIGN)
                .maxTokenLifetime(LIFETIME);
    }

    static TokenVerifier verifier(TokenPolicyBuilder policy) {
        return TokenVerifier.builder(policy.build()).clock(CLOCK).build();
    }

    static TokenVerifier verifier() {
        return verifier(policy());
    }

    /** The claims of a good RFC 9068 token, issued a minute ago. */
    static Map<String, Object> claims() {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", ISSUER);
        claims.put("aud", AUDIENCE);
        claims.put("sub", "alice");
        claims.put("client_id", "web");
        claims.put("jti", "t-1");
        claims.put("sid", "idp-session-1");
        claims.put("iat", NOW.getEpochSecond() - 60);
        claims.put("exp", NOW.getEpochSecond() + 540);
        claims.put("auth_time", NOW.getEpochSecond() - 3600);
        return claims;
    }

    static Map<String, Object> claimsWith(String name, Object value) {
        Map<String, Object> claims = claims();
        claims.put(name, value);
        return claims;
    }

    static Map<String, Object> claimsWithout(String name) {
        Map<String, Object> claims = claims();
        claims.remove(name);
        return claims;
    }

    static String token() {
        return token(claims());
    }

    static String token(Map<String, ?> claims) {
        return token("RS256", "at+jwt", claims);
    }

    static String token(String algorithm, String type, Map<String, ?> claims) {
        Map<String, Object> header = new LinkedHashMap<>();
        header.put("alg", algorithm);
        if (type != null) {
            header.put("typ", type);
        }
        return token(algorithm, JSONObjectUtils.toJSONString(header), JSONObjectUtils.toJSONString(claims));
    }

    static String token(String algorithm, String header, String payload) {
        return sign(
                algorithm,
                header.getBytes(StandardCharsets.UTF_8),
                payload.getBytes(StandardCharsets.UTF_8),
                keyFor(algorithm));
    }

    static String token(String algorithm, byte[] header, byte[] payload) {
        return sign(algorithm, header, payload, keyFor(algorithm));
    }

    /** Signs with RS256 under a header of the test's own. */
    static String tokenWithHeader(String header) {
        return token("RS256", header, json(claims()));
    }

    static String tokenWithPayload(String payload) {
        return token("RS256", "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", payload);
    }

    static String sign(String algorithm, byte[] header, byte[] payload, KeyPair key) {
        String input = base64(header) + "." + base64(payload);
        return input + "." + base64(signature(algorithm, input.getBytes(StandardCharsets.US_ASCII), key));
    }

    static String json(Map<String, ?> members) {
        return JSONObjectUtils.toJSONString(members);
    }

    static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String base64(String text) {
        return base64(text.getBytes(StandardCharsets.UTF_8));
    }

    static PublicKey publicKeyFor(String algorithm) {
        return keyFor(algorithm).getPublic();
    }

    private static KeyPair keyFor(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> P256;
            case "ES384" -> P384;
            case "ES512" -> P521;
            case "EdDSA", "Ed25519" -> ED25519;
            default -> RSA;
        };
    }

    private static byte[] signature(String algorithm, byte[] input, KeyPair key) {
        try {
            if (key.getPrivate().getAlgorithm().startsWith("Ed")) {
                Signature signer = Signature.getInstance("Ed25519");
                signer.initSign(key.getPrivate());
                signer.update(input);
                return signer.sign();
            }
            JWSSigner signer = switch (algorithm.charAt(0)) {
                case 'H' -> new MACSigner(SECRET);
                case 'E' -> new ECDSASigner((ECPrivateKey) key.getPrivate());
                default -> new RSASSASigner((RSAPrivateKey) key.getPrivate());
            };
            return signer.sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), input)
                    .decode();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair rsa(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair ec(String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair pair(String algorithm) {
        try {
            return KeyPairGenerator.getInstance(algorithm).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return random;
    }
}
