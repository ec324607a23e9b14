package dev.curfew.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.curfew.crypto.GuessableSecrets;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECPoint;
import java.security.spec.EllipticCurve;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes verification keys of the JDK's keys, and refuses the weak ones. */
public final class KeyReader {
    private static final Logger LOG = LoggerFactory.getLogger(KeyReader.class);

    /** What precedes the 32 bytes of an Ed25519 key in its X.509 encoding (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private KeyReader() {}

    public static VerificationKey ofSecret(String name, byte[] secret) {
        Set<Algorithm> algorithms = Algorithm.of(Algorithm.Family.SECRET);
        algorithms.removeIf(algorithm -> algorithm.hashBytes() > secret.length);
        if (algorithms.isEmpty()) {
            throw new IllegalArgumentException("the secret \"" + name + "\" has " + secret.length
                    + " bytes, and HS256 needs at least 32: "
                    + GuessableSecrets.advice(Algorithm.HS256.hashBytes()));
        }
        GuessableSecrets.refuse("the secret \"" + name + "\"", secret);
        GuessableSecrets.spelled(secret)
                .ifPresent(spelled -> LOG.info(
                        "The secret {} is a text that spells {}, and is used as the {} bytes of the text. If its issuer"
                                + " decodes it, decode it here too: else all tokens are refused (SIGNATURE)",
                        name,
                        spelled,
                        secret.length));
        try {
            return new VerificationKey(
                    null, name, algorithms, SignatureCheck.byNimbus(new MACVerifier(secret.clone())));
        } catch (JOSEException e) {
            throw new IllegalArgumentException("the secret \"" + name + "\" cannot be used on this Java platform");
        }
    }

    /**
     * Takes a public key. The thumbprint is of the numbers, not of their spelling in a JWK, so that a key has one.
     *
     * @param only the one algorithm that the key is bound to, or null
     * @throws UnusableKeyException if it is weak or broken
     */
    public static VerificationKey ofPublicKey(PublicKey key, @Nullable String id, @Nullable Algorithm only) {
        try {
            if (key instanceof RSAPublicKey rsa) {
                refuse(RsaStrength.faultOf(rsa.getModulus(), rsa.getPublicExponent()));
                return ofStrong(rsa, id, only);
            }
            if (key instanceof ECPublicKey ec) {
                return ofEc(ec, id, only);
            }
            if (key instanceof EdECPublicKey ed
                    && NamedParameterSpec.ED25519
                            .getName()
                            .equals(ed.getParams().getName())) {
                // The key itself is the end of its encoding (RFC 8410 §4).
                byte[] encoded = ed.getEncoded();
                return ofEd25519(
                        Arrays.copyOfRange(encoded, encoded.length - Ed25519Point.BYTES, encoded.length), id, only);
            }
        } catch (UnusableKeyException e) {
            throw e;
        } catch (JOSEException | RuntimeException e) {
            // Not as the cause: its message may spell the key.
            throw new UnusableKeyException(Reason.NOT_WORKING);
        }
        throw new UnusableKeyException(Reason.UNSUPPORTED_KIND);
    }

    /** Takes an Ed25519 key as RFC 8032 writes it. */
    static VerificationKey ofEd25519(byte[] x, @Nullable String id, @Nullable Algorithm only) {
        refuse(Ed25519Point.faultOf(x));
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            String thumbprint = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                    .build()
                    .computeThumbprint()
                    .toString();
            SignatureCheck check = TinkEd25519.find(x).orElseGet(() -> SignatureCheck.ofEd25519(key));
            return new VerificationKey(id, thumbprint, bound(Algorithm.Family.ED25519, only), check)
                    .requireWorking(SignatureCheck.ED25519_BYTES);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new UnusableKeyException(Reason.NOT_WORKING);
        }
    }

    /** Takes an RSA key by its numbers, which are judged before the platform is asked. */
    static VerificationKey ofRsa(
            BigInteger modulus, BigInteger exponent, @Nullable String id, @Nullable Algorithm only) {
        refuse(RsaStrength.faultOf(modulus, exponent));
        try {
            PublicKey key = KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
            return ofStrong((RSAPublicKey) key, id, only);
        } catch (JOSEException | GeneralSecurityException e) {
            throw new UnusableKeyException(Reason.NOT_WORKING);
        }
    }

    private static VerificationKey ofStrong(RSAPublicKey key, @Nullable String id, @Nullable Algorithm only)
            throws JOSEException {
        String thumbprint = new RSAKey.Builder(key).build().computeThumbprint().toString();
        return new VerificationKey(
                        id,
                        thumbprint,
                        bound(Algorithm.Family.RSA, only),
                        SignatureCheck.byNimbus(new RSASSAVerifier(key)))
                .requireWorking((key.getModulus().bitLength() + Byte.SIZE - 1) / Byte.SIZE);
    }

    private static VerificationKey ofEc(ECPublicKey key, @Nullable String id, @Nullable Algorithm only)
            throws JOSEException {
        Curve curve = Curve.forECParameterSpec(key.getParams());
        Algorithm.Family family = family(curve);
        if (!isPoint(key)) {
            throw new UnusableKeyException(Reason.EC_POINT);
        }
        String thumbprint =
                new ECKey.Builder(curve, key).build().computeThumbprint().toString();
        int fieldBytes = (key.getParams().getCurve().getField().getFieldSize() + Byte.SIZE - 1) / Byte.SIZE;
        return new VerificationKey(id, thumbprint, bound(family, only), SignatureCheck.byNimbus(new ECDSAVerifier(key)))
                .requireWorking(2 * fieldBytes);
    }

    /** A coordinate beyond the field would be another spelling of one within, and of the key's thumbprint. */
    private static boolean isPoint(ECPublicKey key) {
        ECPoint point = key.getW();
        EllipticCurve curve = key.getParams().getCurve();
        BigInteger p = ((ECFieldFp) curve.getField()).getP();
        if (point.equals(ECPoint.POINT_INFINITY)
                || !isBelow(p, point.getAffineX())
                || !isBelow(p, point.getAffineY())) {
            return false;
        }
        BigInteger x = point.getAffineX();
        BigInteger y = point.getAffineY();
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        return y.multiply(y).subtract(right).mod(p).signum() == 0;
    }

    private static boolean isBelow(BigInteger end, BigInteger number) {
        return number.signum() >= 0 && number.compareTo(end) < 0;
    }

    private static void refuse(Optional<Reason> fault) {
        if (fault.isPresent()) {
            throw new UnusableKeyException(fault.get());
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
        throw new UnusableKeyException(Reason.UNSUPPORTED_KIND);
    }

    private static Set<Algorithm> bound(Algorithm.Family family, @Nullable Algorithm only) {
        if (only == null) {
            return Algorithm.of(family);
        }
        if (only.family() != family) {
            throw new UnusableKeyException(Reason.ALGORITHM_MISMATCH);
        }
        return EnumSet.of(only);
    }
}
