package dev.curfew.session;

import java.util.Base64;
import java.util.Objects;

/**
 * Who may send a credential: the SHA-256 thumbprint of a DPoP key (RFC 9449) or of a client certificate (RFC 8705).
 * Immutable.
 *
 * @param kind what the thumbprint is of
 * @param thumbprint 32 bytes in base64url without padding: 43 characters
 */
public record SenderKey(Kind kind, String thumbprint) {
    private static final int LENGTH = 43;
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** What a thumbprint is of. */
    public enum Kind {
        /** A public key as a JWK (RFC 7638): the {@code jkt} of a {@code cnf} claim. */
        JKT,

        /** A certificate of X.509: the {@code x5t#S256} of a {@code cnf} claim. */
        X5T_S256
    }

    /**
     * Checks the form.
     *
     * @throws InvalidIdentifierException if the thumbprint is not the one spelling of 32 bytes
     */
    public SenderKey {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(thumbprint, "thumbprint");
        if (!isCanonical(thumbprint)) {
            throw new InvalidIdentifierException("thumbprint of a sender's key is not 32 bytes in base64url");
        }
    }

    /**
     * Makes a key of a thumbprint in bytes.
     *
     * @param kind what the thumbprint is of
     * @param sha256 32 bytes
     * @return the key
     * @throws InvalidIdentifierException if there are more or fewer bytes
     */
    public static SenderKey of(Kind kind, byte[] sha256) {
        return new SenderKey(kind, Base64.getUrlEncoder().withoutPadding().encodeToString(sha256));
    }

    /** {@return the 32 bytes of the thumbprint, a new array} */
    public byte[] sha256() {
        return Base64.getUrlDecoder().decode(thumbprint);
    }

    /** The kind: a thumbprint tells a person's devices apart. */
    @Override
    public String toString() {
        return "SenderKey[" + kind + "]";
    }

    /** The last character carries four bits of the last byte; the two others are zero in the canonical spelling. */
    private static boolean isCanonical(String text) {
        return text.length() == LENGTH
                && text.chars().allMatch(c -> ALPHABET.indexOf(c) >= 0)
                && ALPHABET.indexOf(text.charAt(LENGTH - 1)) % 4 == 0;
    }
}
