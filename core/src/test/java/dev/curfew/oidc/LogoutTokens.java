package dev.curfew.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import dev.curfew.contract.TestKeys;
import dev.curfew.contract.TestTokens.Draft;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;

/** Signs the claims of a logout token in ways that its issuer in {@code TestTokens} does not. */
final class LogoutTokens {
    private static final RSAKey RSA = newKey();

    static final String RSA_SET = "{\"keys\":[" + RSA.toPublicJWK().toJSONString() + "]}";

    private LogoutTokens() {}

    static byte[] secret() {
        return TestKeys.key(1);
    }

    static byte[] otherSecret() {
        return TestKeys.key(2);
    }

    static String rs256(Draft draft) {
        try {
            return signed(payload(draft), JWSAlgorithm.RS256, new RSASSASigner(RSA));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What is verified with the public key, and signed with its text as if that were a secret. */
    static String hs256WithPublicKey(Draft draft) {
        return hs256(draft, RSA.toPublicJWK().toJSONString().getBytes(StandardCharsets.US_ASCII));
    }

    static String hs256(Draft draft, byte[] secret) {
        return hs256(payload(draft).toString(), secret);
    }

    /** Of claims that are JSON already. */
    static String hs256(String claims, byte[] secret) {
        try {
            return signed(new Payload(claims), JWSAlgorithm.HS256, new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static String unsigned(Draft draft) {
        return Base64URL.encode("{\"typ\":\"logout+jwt\",\"alg\":\"none\"}") + "."
                + payload(draft).toBase64URL() + ".";
    }

    private static String signed(Payload payload, JWSAlgorithm algorithm, JWSSigner signer) throws JOSEException {
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(algorithm)
                        .type(new JOSEObjectType("logout+jwt"))
                        .build(),
                payload);
        token.sign(signer);
        return token.serialize();
    }

    private static Payload payload(Draft draft) {
        try {
            return JWSObject.parse(draft.compact()).getPayload();
        } catch (ParseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
