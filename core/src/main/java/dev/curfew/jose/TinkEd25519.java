package dev.curfew.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ed25519 by tink, in a third of the time that the JDK takes, where the host has brought tink. Immutable.
 *
 * <p>It is asked through nimbus, whose optional dependency it is, so that no class of ours names one of its classes.
 * What is there is tried once, on a signature that is right and on three that are not: a library that is incomplete,
 * that refuses to work here (as in FIPS mode), or that is less strict than the JDK is not used.
 */
final class TinkEd25519 {
    private static final Logger LOG = LoggerFactory.getLogger(TinkEd25519.class);
    private static final JWSHeader HEADER = new JWSHeader(JWSAlgorithm.EdDSA);

    /** RFC 8032, section 7.1, test 1: over nothing. */
    private static final String X = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    private static final String R = "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155";
    private static final String S = "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";

    /** The same S and the order of the group: another spelling of the number, which RFC 8032 refuses. */
    private static final String LARGE_S = "4c8c7872aa064e049dbb3013fbf29380d25bf5f0595bbe24655141438e7a101b";

    /** By the owner of the key, with the neutral point as R, spelled as y = p + 1. */
    private static final String SPELLED_R = "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            + "3fdd9411ef77c7b937c975b1193128983db0482a002663080c0dd63cf3466c06";

    private static final boolean IS_HERE = isHere();

    private TinkEd25519() {}

    /** How to check signatures with a key, or nothing without a tink that can be trusted. */
    static Optional<SignatureCheck> find(byte[] x) throws JOSEException {
        return IS_HERE ? Optional.of(check(x)) : Optional.empty();
    }

    private static SignatureCheck check(byte[] x) throws JOSEException {
        JWSVerifier verifier =
                new Ed25519Verifier(new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x)).build());
        return (algorithm, signed, signature) -> verifier.verify(HEADER, signed, Base64URL.encode(signature));
    }

    private static boolean isHere() {
        try {
            SignatureCheck check = check(HexFormat.of().parseHex(X));
            boolean isStrict = verifies(check, "", R + S)
                    && !verifies(check, "x", R + S)
                    && !verifies(check, "", R + LARGE_S)
                    && !verifies(check, "", SPELLED_R);
            LOG.debug("Ed25519 is checked by {}", isStrict ? "tink" : "the JDK: this tink is not strict");
            return isStrict;
        } catch (JOSEException | GeneralSecurityException | RuntimeException | LinkageError e) {
            LOG.debug("Ed25519 is checked by the JDK: no tink, {}", e.getClass().getName());
            return false;
        }
    }

    private static boolean verifies(SignatureCheck check, String signed, String signature)
            throws JOSEException, GeneralSecurityException {
        return check.verifies(
                Algorithm.EDDSA,
                signed.getBytes(StandardCharsets.US_ASCII),
                HexFormat.of().parseHex(signature));
    }
}
