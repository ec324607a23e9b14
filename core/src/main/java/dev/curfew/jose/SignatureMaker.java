package dev.curfew.jose;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import java.util.Optional;

/** Makes signatures as a JWS writes them (RFC 7518 section 3, RFC 8037), by the JDK alone. */
public final class SignatureMaker {
    /** What peers of the standards agree on; fewer to choose from than to verify. */
    public static final List<String> ALGORITHMS = List.of("RS256", "PS256", "ES256", "EdDSA");

    private static final PSSParameterSpec PS256 =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

    private SignatureMaker() {}

    /** The algorithm of a name, if signatures are made with it. */
    public static Optional<Algorithm> named(String joseName) {
        return ALGORITHMS.contains(joseName) ? Algorithm.named(joseName) : Optional.empty();
    }

    /**
     * Signs.
     *
     * @throws GeneralSecurityException if the key is not one for the algorithm, or the platform cannot
     */
    public static byte[] sign(Algorithm algorithm, PrivateKey key, byte[] input) throws GeneralSecurityException {
        Signature signer = signer(algorithm);
        signer.initSign(key);
        signer.update(input);
        return signer.sign();
    }

    private static Signature signer(Algorithm algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case RS256 -> Signature.getInstance("SHA256withRSA");
            case PS256 -> {
                Signature signer = Signature.getInstance("RSASSA-PSS");
                signer.setParameter(PS256);
                yield signer;
            }
            // The two numbers side by side, and not in DER.
            case ES256 -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case EDDSA -> Signature.getInstance("Ed25519");
            default -> throw new IllegalArgumentException("no signatures are made with " + algorithm);
        };
    }
}
