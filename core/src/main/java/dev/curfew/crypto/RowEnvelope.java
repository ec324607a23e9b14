package dev.curfew.crypto;

import dev.curfew.session.LookupKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts one column of a session's row with AES-256-GCM, so that it can be read only there. Thread-safe.
 *
 * <p>Layout: a version byte, the length of the key's id (1), the id in ASCII, the nonce (12), the ciphertext, the tag
 * (16). Everything in front of the nonce, the session's lookup key, which hashes its realm and its handle, and what the
 * caller names as associated data are authenticated: an envelope that is moved to another row, or named after another
 * key, does not open. Each row has a key of its own for each purpose, see {@link RowKeys}.
 */
final class RowEnvelope {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final KeyRing ring;
    private final byte version;
    private final RowKeys keys;
    private final SecureRandom random = new SecureRandom();

    RowEnvelope(KeyRing ring, int version, RowKeys keys) {
        this.ring = ring;
        this.version = (byte) version;
        this.keys = keys;
    }

    /** The id of the key that an envelope names, which nobody has authenticated yet; nothing if it is damaged. */
    static Optional<String> keyId(byte[] envelope, int version) {
        if (envelope.length < 2 || envelope[0] != version) {
            return Optional.empty();
        }
        int length = envelope[1] & 0xFF;
        if (envelope.length < 2 + length + NONCE_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        String id = new String(envelope, 2, length, StandardCharsets.ISO_8859_1);
        return Optional.of(id).filter(KeyRing::isId);
    }

    /** Whether an envelope needs no other key than the current one. */
    boolean isUnderCurrentKey(byte[] stored) {
        return keyId(stored, version).filter(ring.currentId()::equals).isPresent();
    }

    /** Seals with the current key. */
    byte[] seal(LookupKey session, byte[] plain, byte[] associated) {
        String id = ring.currentId();
        byte[] header = header(id);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            SecretKey key = ring.find(id).orElseThrow();
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, key, session, header, associated, nonce)
                    .doFinal(plain);
            return ByteBuffer.allocate(header.length + nonce.length + sealed.length)
                    .put(header)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM and HMAC-SHA-256", e);
        }
    }

    /**
     * Opens what {@link #seal} made of the same session and associated data.
     *
     * @param what what it is, for messages
     * @throws UndecodablePayloadException if it does not open
     * @throws MissingKeyException if the ring has no key of the id that it names
     */
    byte[] open(String what, LookupKey session, byte[] envelope, byte[] associated) {
        String id = keyId(envelope, version)
                .orElseThrow(() -> new UndecodablePayloadException("encrypted " + what + " is damaged", null));
        SecretKey key = ring.find(id).orElseThrow(() -> new MissingKeyException(id));
        byte[] header = header(id);
        ByteBuffer rest = ByteBuffer.wrap(envelope).position(header.length);
        byte[] nonce = new byte[NONCE_BYTES];
        rest.get(nonce);
        byte[] sealed = new byte[rest.remaining()];
        rest.get(sealed);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, session, header, associated, nonce)
                    .doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new UndecodablePayloadException(
                    "encrypted " + what + " does not open with key " + id
                            + ": damaged, of another session, or the key of that id is another one",
                    e);
        }
    }

    private byte[] header(String id) {
        return ByteBuffer.allocate(2 + id.length())
                .put(version)
                .put((byte) id.length())
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private Cipher cipher(int mode, SecretKey ofRing, LookupKey session, byte[] header, byte[] associated, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, keys.derive(ofRing, session), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(session.toBytes());
        cipher.updateAAD(associated);
        return cipher;
    }
}
