package dev.curfew.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.Base64URL;
import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.math.BigInteger;
import java.security.PublicKey;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one JWK (RFC 7517) of a set of public keys. Confined to one thread. */
final class JwkReader {
    private static final Set<String> CURVES = Set.of("P-256", "P-384", "P-521");

    /** Of each type, by IANA's registry of JSON Web Key parameters. */
    private static final Map<String, Set<String>> PRIVATE_MEMBERS = Map.of(
            "RSA", Set.of("d", "p", "q", "dp", "dq", "qi", "oth"),
            "EC", Set.of("d"),
            "OKP", Set.of("d"),
            "AKP", Set.of("priv"));

    private final Map<?, ?> members;

    private JwkReader(Map<?, ?> members) {
        this.members = members;
    }

    /**
     * Reads a key for signatures; nothing if it is for something else, or of a kind that is not known.
     *
     * @throws UnusableKeyException if it does not belong into a public set, or cannot be used as it says
     */
    static Optional<VerificationKey> read(Map<?, ?> members) {
        return new JwkReader(members).read();
    }

    private Optional<VerificationKey> read() {
        String type = required("kty");
        // Whatever they are for: what stands here, everybody can read.
        if (type.equals("oct")) {
            throw new UnusableKeyException(Reason.SECRET_IN_PUBLIC_SET);
        }
        if (PRIVATE_MEMBERS.getOrDefault(type, Set.of()).stream().anyMatch(members::containsKey)) {
            throw new UnusableKeyException(Reason.PRIVATE_MEMBER);
        }
        String use = text("use");
        String name = text("alg");
        boolean mayVerify = mayVerify();
        Optional<Algorithm> algorithm = name == null ? Optional.empty() : Algorithm.named(name);
        if (use != null && !use.equals("sig") || !mayVerify || name != null && algorithm.isEmpty()) {
            return Optional.empty();
        }
        String id = text("kid");
        Algorithm only = algorithm.orElse(null);
        return switch (type) {
            case "RSA" -> Optional.of(KeyReader.ofRsa(number("n"), number("e"), id, only));
            case "EC" ->
                CURVES.contains(required("crv"))
                        ? Optional.of(KeyReader.ofPublicKey(ecKey(), id, only))
                        : Optional.empty();
            case "OKP" ->
                required("crv").equals("Ed25519")
                        ? Optional.of(KeyReader.ofEd25519(bytes("x"), id, only))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    private boolean mayVerify() {
        if (!members.containsKey("key_ops")) {
            return true;
        }
        if (!(members.get("key_ops") instanceof List<?> operations)
                || !operations.stream().allMatch(String.class::isInstance)
                || new HashSet<>(operations).size() < operations.size()) {
            throw new UnusableKeyException(Reason.MEMBER_MALFORMED);
        }
        return operations.contains("verify");
    }

    private BigInteger number(String name) {
        return new BigInteger(1, bytes(name));
    }

    private PublicKey ecKey() {
        Base64URL x = Base64URL.encode(bytes("x"));
        Base64URL y = Base64URL.encode(bytes("y"));
        try {
            return new ECKey.Builder(Curve.parse(required("crv")), x, y).build().toECPublicKey();
        } catch (JOSEException | IllegalStateException | IllegalArgumentException e) {
            throw new UnusableKeyException(Reason.EC_POINT);
        }
    }

    /** Of many spellings that a lenient reader takes for the same bytes, one is right. */
    private byte[] bytes(String name) {
        String text = required(name);
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            if (bytes.length > 0
                    && Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(bytes)
                            .equals(text)) {
                return bytes;
            }
        } catch (IllegalArgumentException e) {
            // As below.
        }
        throw new UnusableKeyException(Reason.MEMBER_MALFORMED);
    }

    private String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new UnusableKeyException(Reason.MEMBER_MISSING);
        }
        return text;
    }

    private @Nullable String text(String name) {
        if (!members.containsKey(name)) {
            return null;
        }
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new UnusableKeyException(Reason.MEMBER_MALFORMED);
    }
}
