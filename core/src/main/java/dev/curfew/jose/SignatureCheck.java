package dev.curfew.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;

/** Whether one key made a signature. Thread-safe. */
@FunctionalInterface
public interface SignatureCheck {
    /** The length of a signature of Ed25519. */
    int ED25519_BYTES = 64;

    /**
     * Checks one signature.
     *
     * @throws JOSEException if the key, the algorithm or the signature is not what the library can check
     * @throws GeneralSecurityException the same, for the platform's own check
     */
    boolean verifies(Algorithm algorithm, byte[] signed, byte[] signature)
            throws JOSEException, GeneralSecurityException;

    /**
     * The header is made here from the algorithm alone: nothing that a token says reaches nimbus but what was signed.
     */
    static SignatureCheck byNimbus(JWSVerifier verifier) {
        return (algorithm, signed, signature) ->
                verifier.verify(new JWSHeader(algorithm.toNimbus()), signed, Base64URL.encode(signature));
    }

    /** By the JDK itself, so that the host need not bring another library for Ed25519. */
    static SignatureCheck ofEd25519(PublicKey key) {
        return (algorithm, signed, signature) -> {
            // JDK 17 takes a signature with a zero byte behind it for another spelling of the same.
            if (signature.length != ED25519_BYTES) {
                return false;
            }
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(signed);
            try {
                return verifier.verify(signature);
            } catch (SignatureException e) {
                // How the platform says that a number in it is too large.
                return false;
            }
        };
    }
}
