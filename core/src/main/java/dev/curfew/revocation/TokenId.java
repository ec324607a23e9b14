package dev.curfew.revocation;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * The identity of a token within its realm: its {@code jti}, else the hash of what was signed. Immutable.
 *
 * <p>The signature is never part of it: it can be spelled in several ways that all verify (padding bits, an ECDSA
 * twin), and each would be another token to a denylist.
 */
public final class TokenId {
    private final String kind;
    private final String value;

    private TokenId(String kind, String value) {
        this.kind = kind;
        this.value = value;
    }

    /**
     * Identifies a token by its {@code jti} (RFC 7519 §4.1.7).
     *
     * @param jti the claim; not empty
     * @return the identity
     * @throws InvalidIdentifierException if no store could keep that value
     */
    public static TokenId ofJti(String jti) {
        if (Objects.requireNonNull(jti, "jti").isEmpty()
                || !StandardCharsets.UTF_8.newEncoder().canEncode(jti)) {
            throw new InvalidIdentifierException("jti is empty or not well-formed Unicode");
        }
        return new TokenId("token-jti", jti);
    }

    /**
     * Identifies a token without {@code jti} by what was signed.
     *
     * @param headerDotPayload the exact JWS signing input (RFC 7515 §5.1), without the signature
     * @return the identity
     */
    public static TokenId ofSigningInput(String headerDotPayload) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(headerDotPayload.getBytes(StandardCharsets.US_ASCII));
            return new TokenId("token-input", HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * The lookup key of this token; costs one hash.
     *
     * @param realm the namespace
     * @return the key
     */
    public LookupKey key(Realm realm) {
        return LookupKey.of(kind, realm.name(), value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenId that && kind.equals(that.kind) && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    /** The kind only: a token's id is a claim's value. */
    @Override
    public String toString() {
        return kind;
    }
}
