package dev.curfew.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes verification keys of the JDK's keys, and refuses the weak ones. */
final class KeyReader {
    private static final int MIN_RSA_BITS = 2048;

    /** A verification costs the square of it. */
    private static final int MAX_RSA_BITS = 8192;

    private static final int ED25519_BYTES = 32;

    private KeyReader() {}

    static VerificationKey ofSecret(String name, byte[] secret) {
        WeakSecrets.refuse(secret);
        Set<Algorithm> algorithms = Algorithm.of(Algorithm.Family.SECRET);
        algorithms.removeIf(algorithm -> algorithm.hashBytes() > secret.length);
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("secret is shorter than the output of any hash, which is 32 bytes");
        }
        try {
            return new VerificationKey(
                    null, name, algorithms, SignatureCheck.byNimbus(new MACVerifier(secret.clone())));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("secret cannot be used");
        }
    }

    /**
     * Takes a public key. The thumbprint is of the numbers, not of their spelling in a JWK, so that a key has one.
     *
     * @param only the one algorithm that the key is bound to, or null
     */
    static VerificationKey ofPublicKey(PublicKey key, @Nullable String id, @Nullable Algorithm only) {
        try {
            if (key instanceof RSAPublicKey rsa) {
                requireStrength(rsa);
                String thumbprint =
                        new RSAKey.Builder(rsa).build().computeThumbprint().toString();
                return new VerificationKey(
                        id,
                        thumbprint,
                        bound(Algorithm.Family.RSA, only),
                        SignatureCheck.byNimbus(new RSASSAVerifier(rsa)));
            }
            if (key instanceof ECPublicKey ec) {
                Curve curve = Curve.forECParameterSpec(ec.getParams());
                String thumbprint =
                        new ECKey.Builder(curve, ec).build().computeThumbprint().toString();
                return new VerificationKey(
                        id, thumbprint, bound(family(curve), only), SignatureCheck.byNimbus(new ECDSAVerifier(ec)));
            }
            if (key instanceof EdECPublicKey ed
                    && "Ed25519".equals(ed.getParams().getName())) {
                // The key itself is the end of its encoding (RFC 8410 §4).
                byte[] encoded = ed.getEncoded();
                byte[] x = Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length);
                OctetKeyPair jwk = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build();
                return new VerificationKey(
                        id,
                        jwk.computeThumbprint().toString(),
                        bound(Algorithm.Family.ED25519, only),
                        SignatureCheck.ofEd25519(ed));
            }
        } catch (JOSEException | IllegalStateException e) {
            // Not as the cause: its message may spell the key.
            throw new IllegalArgumentException("public key cannot be used");
        }
        throw new IllegalArgumentException("public key must be RSA, EC on a NIST curve, or Ed25519");
    }

    private static void requireStrength(RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new IllegalArgumentException("RSA key must have 2048 to 8192 bits");
        }
    }

    private static Algorithm.Family family(@Nullable Curve curve) {
        if (Curve.P_256.equals(curve)) {
            return Algorithm.Family.P256;
        }
        if (Curve.P_384.equals(curve)) {
            return Algorithm.Family.P384;
        }
        if (Curve.P_521.equals(curve)) {
            return Algorithm.Family.P521;
        }
        throw new IllegalArgumentException("EC key must be on P-256, P-384 or P-521");
    }

    private static Set<Algorithm> bound(Algorithm.Family family, @Nullable Algorithm only) {
        if (only == null) {
            return Algorithm.of(family);
        }
        if (only.family() != family) {
            throw new IllegalArgumentException("keys: a key's alg does not fit its type");
        }
        return EnumSet.of(only);
    }
}
