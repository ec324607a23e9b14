package dev.curfew.crypto;

import dev.curfew.session.CredentialKind;
import dev.curfew.session.SessionId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * A credential in clear, to be handed out once. Immutable.
 *
 * <p>The text is a prefix and, in canonical base64url without padding, the session's id (24 bytes), the family of a
 * refresh token (18 bytes, the same in all its successors), the secret (32 bytes) and a checksum (4 bytes). A session
 * token has 85 characters, a refresh token 109. The id is the public handle: it selects, and proves nothing. The
 * checksum (CRC-32 over the prefix and all that stands before it) proves nothing either. It saves the look-up of
 * garbage, keeps a damaged token from being taken for a stolen one, and lets scanners verify without asking.
 *
 * <p>Secret and family are random; {@link #toString} shows neither.
 */
public final class SecretToken {
    /** The size of a secret in bytes. */
    public static final int SECRET_BYTES = 32;

    /** The size of a refresh token's family in bytes. */
    public static final int FAMILY_BYTES = 18;

    private static final int CHECKSUM_BYTES = Integer.BYTES;
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final CredentialKind kind;
    private final SessionId session;
    private final byte[] family;
    private final byte[] secret;

    private SecretToken(CredentialKind kind, SessionId session, byte[] family, byte[] secret) {
        this.kind = kind;
        this.session = session;
        this.family = family;
        this.secret = secret;
    }

    /**
     * Makes the first credential of a session.
     *
     * @param kind what it is for
     * @param session whose
     * @param random a cryptographically strong source
     * @return a credential that nobody can guess
     */
    public static SecretToken mint(CredentialKind kind, SessionId session, SecureRandom random) {
        byte[] family = new byte[familyBytes(kind)];
        random.nextBytes(family);
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new SecretToken(kind, Objects.requireNonNull(session, "session"), family, secret);
    }

    /**
     * Reads a text from outside, without any look-up.
     *
     * @param text what came, of any length
     * @return the credential; nothing if this text is not the one spelling of one, or was damaged on its way
     */
    public static Optional<SecretToken> parse(String text) {
        Objects.requireNonNull(text, "text");
        for (CredentialKind kind : CredentialKind.values()) {
            if (text.startsWith(kind.prefix())) {
                return parse(kind, text);
            }
        }
        return Optional.empty();
    }

    private static Optional<SecretToken> parse(CredentialKind kind, String text) {
        int size = SessionId.BYTES + familyBytes(kind) + SECRET_BYTES + CHECKSUM_BYTES;
        if (text.length() != kind.prefix().length() + size / 3 * 4) {
            return Optional.empty();
        }
        ByteBuffer bytes;
        try {
            bytes = ByteBuffer.wrap(
                    Base64.getUrlDecoder().decode(text.substring(kind.prefix().length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        // padding in place of the last characters makes fewer bytes of as many characters
        if (bytes.capacity() != size || bytes.getInt(size - CHECKSUM_BYTES) != checksum(kind, bytes.array())) {
            return Optional.empty();
        }
        byte[] family = new byte[familyBytes(kind)];
        byte[] secret = new byte[SECRET_BYTES];
        Optional<SessionId> session = SessionId.read(bytes);
        bytes.get(family).get(secret);
        return session.map(id -> new SecretToken(kind, id, family, secret));
    }

    /**
     * The credential that follows this one: of the same kind, session and family, with another secret.
     *
     * @param next 32 bytes that nobody can guess, copied
     * @return the successor
     */
    public SecretToken successor(byte[] next) {
        if (next.length != SECRET_BYTES) {
            throw new IllegalArgumentException("a secret has " + SECRET_BYTES + " bytes");
        }
        return new SecretToken(kind, session, family, next.clone());
    }

    /** {@return what it is for} */
    public CredentialKind kind() {
        return kind;
    }

    /** {@return the public handle that it selects} */
    public SessionId session() {
        return session;
    }

    /**
     * The hash of the secret, bound to kind and session: all that a store ever sees of it.
     *
     * @return equal for equal credentials only
     */
    public SecretHash hash() {
        return SecretHash.of(kind, session, secret);
    }

    /**
     * The hash of the family, which tells a superseded refresh token from a forged one.
     *
     * @return the hash; nothing if this is a session token
     */
    public Optional<SecretHash> familyHash() {
        return family.length == 0 ? Optional.empty() : Optional.of(SecretHash.of(kind, session, family));
    }

    /**
     * A copy of the secret, from which a successor is derived.
     *
     * @return a new array of 32 bytes
     */
    public byte[] secret() {
        return secret.clone();
    }

    /**
     * A copy of the family.
     *
     * @return a new array of 18 bytes; of none if this is a session token
     */
    public byte[] family() {
        return family.clone();
    }

    /**
     * The text to send to the client; nothing else keeps it.
     *
     * @return 85 or 109 characters that are safe in a header, a cookie and a URL
     */
    public String reveal() {
        ByteBuffer bytes = ByteBuffer.allocate(SessionId.BYTES + family.length + SECRET_BYTES + CHECKSUM_BYTES);
        session.write(bytes);
        bytes.put(family).put(secret);
        bytes.putInt(checksum(kind, bytes.array()));
        return kind.prefix() + ENCODER.encodeToString(bytes.array());
    }

    /** Compares all of it, the secret in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SecretToken that
                && kind == that.kind
                && session.equals(that.session)
                && MessageDigest.isEqual(family, that.family)
                && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return session.hashCode();
    }

    /** The prefix, and nothing of the rest. */
    @Override
    public String toString() {
        return kind.prefix() + "…";
    }

    private static int familyBytes(CredentialKind kind) {
        return kind == CredentialKind.REFRESH_TOKEN ? FAMILY_BYTES : 0;
    }

    /** Over the prefix and everything but the checksum itself. */
    private static int checksum(CredentialKind kind, byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(kind.prefix().getBytes(StandardCharsets.US_ASCII));
        crc.update(bytes, 0, bytes.length - CHECKSUM_BYTES);
        return (int) crc.getValue();
    }
}
