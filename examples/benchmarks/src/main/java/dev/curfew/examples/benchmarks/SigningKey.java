package dev.curfew.examples.benchmarks;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetKeyPairGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.curfew.token.TokenKeys;
import java.security.SecureRandom;

/** A new key of an issuer: how it signs, how bare nimbus verifies, and what Curfew is told. Immutable. */
record SigningKey(JWSAlgorithm algorithm, JWSSigner signer, JWSVerifier verifier, TokenKeys keys) {
    static SigningKey of(String algorithm) {
        try {
            return switch (algorithm) {
                case "HS256" -> secret();
                case "RS256" -> rsa();
                case "ES256" -> ec();
                case "EdDSA" -> ed25519();
                default -> throw new IllegalArgumentException("unknown algorithm");
            };
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SigningKey secret() throws JOSEException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new SigningKey(
                JWSAlgorithm.HS256, new MACSigner(secret), new MACVerifier(secret), TokenKeys.ofSecret("key", secret));
    }

    private static SigningKey rsa() throws JOSEException {
        RSAKey key = new RSAKeyGenerator(2048).generate();
        return new SigningKey(JWSAlgorithm.RS256, new RSASSASigner(key), new RSASSAVerifier(key), keys(key));
    }

    private static SigningKey ec() throws JOSEException {
        ECKey key = new ECKeyGenerator(Curve.P_256).generate();
        return new SigningKey(JWSAlgorithm.ES256, new ECDSASigner(key), new ECDSAVerifier(key), keys(key));
    }

    private static SigningKey ed25519() throws JOSEException {
        OctetKeyPair key = new OctetKeyPairGenerator(Curve.Ed25519).generate();
        return new SigningKey(
                JWSAlgorithm.EdDSA, new Ed25519Signer(key), new Ed25519Verifier(key.toPublicJWK()), keys(key));
    }

    private static TokenKeys keys(JWK key) {
        return TokenKeys.ofJwkSet("{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}");
    }
}
