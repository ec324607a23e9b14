package dev.curfew.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a JWK Set (RFC 7517): public signature keys only.
 *
 * <p>Keys of unknown types and keys for encryption are passed over, as the standard asks; a key that is meant for
 * signatures and is wrong refuses the whole set. No message spells anything of a key.
 */
final class JwkSetReader {
    /** What precedes the 32 bytes of an Ed25519 key in its X.509 encoding (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final Set<String> CURVES = Set.of("P-256", "P-384", "P-521");

    private JwkSetReader() {}

    static KeySet read(String json) {
        return read(json.getBytes(StandardCharsets.UTF_8));
    }

    static KeySet read(byte[] json) {
        try {
            if (!(StrictJson.object(json).get("keys") instanceof List<?> entries)) {
                throw refused();
            }
            List<VerificationKey> keys = new ArrayList<>();
            for (Object entry : entries) {
                if (!(entry instanceof Map<?, ?> members)) {
                    throw refused();
                }
                key(members).ifPresent(keys::add);
            }
            return KeySet.of(keys);
        } catch (NotStrictJsonException | JOSEException | GeneralSecurityException e) {
            throw refused();
        }
    }

    private static Optional<VerificationKey> key(Map<?, ?> members) throws JOSEException, GeneralSecurityException {
        String use = text(members, "use");
        boolean forSignatures = use == null || use.equals("sig");
        boolean mayVerify = !(members.get("key_ops") instanceof List<?> operations) || operations.contains("verify");
        String name = text(members, "alg");
        Optional<Algorithm> algorithm = name == null ? Optional.empty() : Algorithm.named(name);
        boolean knownAlgorithm = name == null || algorithm.isPresent();
        if (!forSignatures || !mayVerify || !knownAlgorithm) {
            return Optional.empty();
        }
        String keyId = text(members, "kid");
        return publicKey(members).map(key -> KeyReader.ofPublicKey(key, keyId, algorithm.orElse(null)));
    }

    private static Optional<PublicKey> publicKey(Map<?, ?> members) throws JOSEException, GeneralSecurityException {
        String type = required(members, "kty");
        return switch (type) {
            case "oct" ->
                throw new IllegalArgumentException(
                        "keys: a set of public keys must not contain a secret; use ofSecret");
            case "RSA" ->
                Optional.of(new RSAKey.Builder(bytes(members, "n"), bytes(members, "e"))
                        .build()
                        .toRSAPublicKey());
            case "EC" -> CURVES.contains(required(members, "crv")) ? Optional.of(ecKey(members)) : Optional.empty();
            case "OKP" -> required(members, "crv").equals("Ed25519") ? Optional.of(edKey(members)) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static PublicKey ecKey(Map<?, ?> members) throws JOSEException {
        Curve curve = Curve.parse(required(members, "crv"));
        try {
            return new ECKey.Builder(curve, bytes(members, "x"), bytes(members, "y"))
                    .build()
                    .toECPublicKey();
        } catch (IllegalStateException | IllegalArgumentException e) {
            throw refused();
        }
    }

    private static PublicKey edKey(Map<?, ?> members) throws GeneralSecurityException {
        byte[] x = bytes(members, "x").decode();
        if (x.length != 32) {
            throw refused();
        }
        byte[] encoded = new byte[ED25519_PREFIX.length + x.length];
        System.arraycopy(ED25519_PREFIX, 0, encoded, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, encoded, ED25519_PREFIX.length, x.length);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    private static Base64URL bytes(Map<?, ?> members, String name) {
        Base64URL value = new Base64URL(required(members, name));
        if (value.decode().length == 0 || new BigInteger(1, value.decode()).signum() == 0) {
            throw refused();
        }
        return value;
    }

    private static String required(Map<?, ?> members, String name) {
        String text = text(members, name);
        if (text == null) {
            throw refused();
        }
        return text;
    }

    private static @Nullable String text(Map<?, ?> members, String name) {
        if (!members.containsKey(name)) {
            return null;
        }
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw refused();
    }

    private static IllegalArgumentException refused() {
        return new IllegalArgumentException("keys: not a valid JWK set of public keys");
    }
}
