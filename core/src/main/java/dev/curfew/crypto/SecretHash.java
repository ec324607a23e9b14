package dev.curfew.crypto;

import dev.curfew.session.CredentialKind;
import dev.curfew.session.SessionId;
import dev.curfew.work.Spares;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The SHA-256 of a secret of at least 256 random bits: all that a store ever sees of it. Immutable.
 *
 * <p>No salt and no stretching: the secret is random and long, so that nobody can guess it from its hash.
 */
public final class SecretHash {
    /** The size in bytes. */
    public static final int BYTES = 32;

    /** To make a digest takes more memory than all that is hashed here. */
    private static final Spares<MessageDigest> DIGESTS = new Spares<>(SecretHash::sha256);

    private final byte[] bytes;

    private SecretHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Hashes a secret.
     *
     * @param secret the secret text
     * @return its hash
     */
    public static SecretHash of(String secret) {
        return of(secret.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Hashes a secret of a credential, so that it proves nothing of another kind or another session.
     *
     * @param kind what the credential is for
     * @param session whose
     * @param secret random bytes
     * @return the hash
     */
    static SecretHash of(CredentialKind kind, SessionId session, byte[] secret) {
        byte[] prefix = kind.prefix().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer whole = ByteBuffer.allocate(prefix.length + SessionId.BYTES + secret.length);
        whole.put(prefix);
        session.write(whole);
        whole.put(secret);
        return of(whole.array());
    }

    private static SecretHash of(byte[] secret) {
        return new SecretHash(DIGESTS.use(SecretHash::digest, secret));
    }

    private static byte[] digest(MessageDigest sha256, byte[] secret) {
        byte[] hash = sha256.digest(secret);
        // A digest keeps its last block until it is reset.
        sha256.reset();
        return hash;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Reads a stored hash.
     *
     * @param bytes 32 bytes, copied
     * @return the hash
     */
    public static SecretHash stored(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a secret's hash has 32 bytes");
        }
        return new SecretHash(bytes.clone());
    }

    /**
     * The hash as a store writes it.
     *
     * @return a new array of 32 bytes
     */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretHash that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Nothing of the hash: it is a credential's shadow. */
    @Override
    public String toString() {
        return "SecretHash";
    }
}
