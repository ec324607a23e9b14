package dev.curfew.token;

import dev.curfew.crypto.KeysUnavailableException;
import dev.curfew.jose.Algorithm;
import dev.curfew.jose.JsonObject;
import dev.curfew.jose.JwkWriter;
import dev.curfew.jose.KeyReader;
import dev.curfew.jose.SignatureMaker;
import dev.curfew.jose.VerificationKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A private key of the host, or a call to where it lies, that signs what Curfew sends to others: answers of
 * introspection (RFC 9701) and status lists. Thread-safe; {@code toString} tells the id and the algorithm alone.
 *
 * <p>Every signature is verified with the published key before it is given away, which costs one verification: so a
 * fault of a machine or of a remote signer neither reaches a peer nor tells anything of the key.
 */
public final class SigningKey {
    private static final byte[] PROBE = "curfew".getBytes(StandardCharsets.US_ASCII);

    private final String keyId;
    private final String algorithmName;
    private final Algorithm algorithm;
    private final PublicKey published;
    private final VerificationKey check;
    private final Signer signer;

    private SigningKey(String keyId, String algorithmName, PublicKey published, Signer signer) {
        if (keyId.isEmpty()) {
            throw new IllegalArgumentException("keyId must not be empty: peers choose the key by it (kid)");
        }
        this.keyId = keyId;
        this.algorithmName = algorithmName;
        this.algorithm = SignatureMaker.named(algorithmName)
                .orElseThrow(() -> new IllegalArgumentException("algorithm: \"" + algorithmName
                        + "\" is none that is signed with; it must be one of " + SignatureMaker.ALGORITHMS));
        this.published = Objects.requireNonNull(published, "published");
        this.check = KeyReader.ofPublicKey(published, keyId, algorithm);
        this.signer = signer;
    }

    /** Where the private key is. */
    private interface Signer {
        byte[] sign(Algorithm algorithm, byte[] input) throws GeneralSecurityException;
    }

    /**
     * Takes a key pair, and signs once with it to see that the two belong together.
     *
     * @param keyId the {@code kid}, by which peers choose the key; not empty, may be logged
     * @param algorithm RS256, PS256, ES256 or EdDSA
     * @param key RSA of at least 2048 bits, EC on P-256, or Ed25519, as the algorithm demands
     * @param published its public key
     * @return the key
     * @throws IllegalArgumentException if the algorithm is another one, or the two keys do not belong together
     * @throws dev.curfew.crypto.UnusableKeyException if the key is weak or broken, or does not go with the algorithm
     */
    public static SigningKey of(String keyId, String algorithm, PrivateKey key, PublicKey published) {
        Objects.requireNonNull(key, "key");
        SigningKey made = new SigningKey(
                keyId, algorithm, published, (itsAlgorithm, input) -> SignatureMaker.sign(itsAlgorithm, key, input));
        if (!made.isOwn()) {
            throw new IllegalArgumentException(
                    "key: the private key of \"" + keyId + "\" does not belong to its published key, or cannot sign "
                            + algorithm + " on this Java platform");
        }
        return made;
    }

    /**
     * Takes a call to where the private key lies, such as a key management service. It is not called here.
     *
     * @param keyId the {@code kid}, by which peers choose the key; not empty, may be logged
     * @param algorithm RS256, PS256, ES256 or EdDSA
     * @param published the public key
     * @param sign answers the signature of the given bytes as a JWS has it (RFC 7518 section 3): of ES256 the 64 bytes
     *     of R and S, and not DER. Called by several threads at once; bound its time, since callers wait for it
     * @return the key
     * @throws IllegalArgumentException if the algorithm is another one
     * @throws dev.curfew.crypto.UnusableKeyException if the key is weak or broken, or does not go with the algorithm
     */
    public static SigningKey external(String keyId, String algorithm, PublicKey published, UnaryOperator<byte[]> sign) {
        Objects.requireNonNull(sign, "sign");
        return new SigningKey(keyId, algorithm, published, (itsAlgorithm, input) -> sign.apply(input));
    }

    /**
     * The public JWK set (RFC 7517) of these keys, for the host to serve. No private part is in it.
     *
     * @param keys each with an id of its own; the next one and the last one belong in it too, while tokens of theirs
     *     are about
     * @return JSON
     * @throws IllegalArgumentException if there are none, or two have one id
     */
    public static String jwkSet(List<SigningKey> keys) {
        Set<String> ids = new HashSet<>();
        if (keys.isEmpty() || !keys.stream().allMatch(key -> ids.add(key.keyId))) {
            throw new IllegalArgumentException("keys: one or more are wanted, each with an id of its own");
        }
        return new JsonObject()
                .with(
                        "keys",
                        keys.stream()
                                .map(key -> JwkWriter.write(key.published, key.keyId, key.algorithmName))
                                .toList())
                .toString();
    }

    /** {@return the {@code kid}} */
    public String keyId() {
        return keyId;
    }

    /** {@return the {@code alg}} */
    public String algorithm() {
        return algorithmName;
    }

    /**
     * Makes a compact JWT (RFC 7519, RFC 7515).
     *
     * @param type its {@code typ}, such as {@code token-introspection+jwt}
     * @param claims its payload, in their order: String, Boolean, Integer, Long, finite Double, null, and List and Map
     *     of these
     * @return the text
     * @throws IllegalArgumentException if a claim is something else; the message names its class alone
     * @throws KeysUnavailableException if the key could not sign, or signed wrongly: nothing was made
     */
    public String sign(String type, Map<String, ? extends @Nullable Object> claims) {
        JsonObject header = new JsonObject()
                .with("typ", Objects.requireNonNull(type, "type"))
                .with("alg", algorithmName)
                .with("kid", keyId);
        String input =
                base64(header.bytes()) + "." + base64(JsonObject.of(claims).bytes());
        byte[] bytes = input.getBytes(StandardCharsets.US_ASCII);
        byte[] signature = signature(bytes);
        if (!check.verifies(algorithm, bytes, signature)) {
            throw new KeysUnavailableException(
                    "the signature of the signing key \"" + keyId + "\" is not one of its published key", null);
        }
        return input + "." + base64(signature);
    }

    private byte[] signature(byte[] input) {
        try {
            return signer.sign(algorithm, input.clone());
        } catch (GeneralSecurityException e) {
            // Not as the cause: the platform's message may spell the key.
            throw new KeysUnavailableException("the signing key \"" + keyId + "\" could not sign", null);
        } catch (RuntimeException e) {
            throw new KeysUnavailableException("the signing key \"" + keyId + "\" could not sign", e);
        }
    }

    private boolean isOwn() {
        try {
            return check.verifies(algorithm, PROBE, signer.sign(algorithm, PROBE));
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "SigningKey[" + keyId + ", " + algorithmName + "]";
    }
}
