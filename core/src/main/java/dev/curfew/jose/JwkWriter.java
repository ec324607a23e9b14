package dev.curfew.jose;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.Base64;

/** Writes public keys as JWKs (RFC 7517; RFC 7518 section 6, RFC 8037 section 2), for others to verify with. */
public final class JwkWriter {
    private static final int P256_BYTES = 32;

    private JwkWriter() {}

    /** Writes a key that {@link KeyReader} found usable for this algorithm. */
    public static JsonObject write(PublicKey key, String keyId, String algorithm) {
        JsonObject jwk = new JsonObject();
        if (key instanceof RSAPublicKey rsa) {
            jwk.with("kty", "RSA")
                    .with("n", base64(unsigned(rsa.getModulus())))
                    .with("e", base64(unsigned(rsa.getPublicExponent())));
        } else if (key instanceof ECPublicKey ec) {
            jwk.with("kty", "EC")
                    .with("crv", "P-256")
                    .with("x", base64(coordinate(ec.getW().getAffineX())))
                    .with("y", base64(coordinate(ec.getW().getAffineY())));
        } else if (key instanceof EdECPublicKey) {
            byte[] encoded = key.getEncoded();
            jwk.with("kty", "OKP")
                    .with("crv", "Ed25519")
                    .with(
                            "x",
                            base64(Arrays.copyOfRange(encoded, encoded.length - Ed25519Point.BYTES, encoded.length)));
        } else {
            throw new IllegalArgumentException("no JWK is written of a key of " + key.getAlgorithm());
        }
        return jwk.with("use", "sig").with("alg", algorithm).with("kid", keyId);
    }

    /** Without the sign (RFC 7518 section 2, Base64urlUInt). */
    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 && bytes.length > 1 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    /** As long as the field, whatever the number (RFC 7518 section 6.2.1.2). */
    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = unsigned(number);
        byte[] padded = new byte[P256_BYTES];
        System.arraycopy(bytes, 0, padded, P256_BYTES - bytes.length, bytes.length);
        return padded;
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
