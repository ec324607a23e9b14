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
 * Encrypts a session's payload with AES-256-GCM, so that it can be read only as that session's. Thread-safe.
 *
 * <p>Layout: the byte 2, the length of the key's id (1), the id in ASCII, the nonce (12), the ciphertext, the tag (16).
 * The first byte is never that of a plain payload. Everything in front of the nonce and the session's lookup key, which
 * hashes its realm and its handle, is authenticated: an envelope that is moved to another row, or named after another
 * key, does not open. Each row has a key of its own, see {@link RowKeys}.
 */
public final class PayloadEnvelope {
    static final int VERSION = 2;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BYTES = 16;

    private final KeyRing ring;
    private final SecureRandom random = new SecureRandom();

    /**
     * Makes an envelope maker.
     *
     * @param ring the host's keys
     */
    public PayloadEnvelope(KeyRing ring) {
        this.ring = ring;
    }

    /**
     * Tells an envelope from a plain payload, by its first byte.
     *
     * @param stored what a store keeps
     * @return true if it is said to be encrypted
     */
    public static boolean isEnvelope(byte[] stored) {
        return stored.length > 0 && stored[0] == VERSION;
    }

    /**
     * The id of the key that an envelope names, which nobody has authenticated yet.
     *
     * @param envelope what a store keeps
     * @return the id; nothing if it is damaged
     */
    public static Optional<String> keyId(byte[] envelope) {
        int length = envelope.length < 2 ? 0 : envelope[1] & 0xFF;
        if (!isEnvelope(envelope) || envelope.length < 2 + length + NONCE_BYTES + TAG_BYTES) {
            return Optional.empty();
        }
        String id = new String(envelope, 2, length, StandardCharsets.ISO_8859_1);
        return Optional.of(id).filter(KeyRing::isId);
    }

    /**
     * Tells whether an envelope needs no other key.
     *
     * @param stored what a store keeps
     * @return true if it names the current key
     */
    public boolean isUnderCurrentKey(byte[] stored) {
        return keyId(stored).filter(ring.currentId()::equals).isPresent();
    }

    /**
     * Seals a payload with the current key.
     *
     * @param session whose
     * @param plain its payload
     * @return the envelope
     */
    public byte[] seal(LookupKey session, byte[] plain) {
        String id = ring.currentId();
        byte[] header = header(id);
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            SecretKey key = ring.find(id).orElseThrow();
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, key, session, header, nonce).doFinal(plain);
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
     * Opens an envelope.
     *
     * @param session whose
     * @param envelope as it was sealed
     * @return the payload
     * @throws UndecodablePayloadException if it is damaged, of another session, or of a key with the same id that is
     *     another one
     * @throws MissingKeyException if the ring has no key of that id
     */
    public byte[] open(LookupKey session, byte[] envelope) {
        String id = keyId(envelope)
                .orElseThrow(() -> new UndecodablePayloadException("encrypted session payload is damaged", null));
        SecretKey key = ring.find(id).orElseThrow(() -> new MissingKeyException(id));
        byte[] header = header(id);
        ByteBuffer rest = ByteBuffer.wrap(envelope).position(header.length);
        byte[] nonce = new byte[NONCE_BYTES];
        rest.get(nonce);
        byte[] sealed = new byte[rest.remaining()];
        rest.get(sealed);
        try {
            return cipher(Cipher.DECRYPT_MODE, key, session, header, nonce).doFinal(sealed);
        } catch (GeneralSecurityException e) {
            throw new UndecodablePayloadException(
                    "encrypted session payload does not open with key " + id
                            + ": damaged, of another session, or the key of that id is another one",
                    e);
        }
    }

    private static byte[] header(String id) {
        return ByteBuffer.allocate(2 + id.length())
                .put((byte) VERSION)
                .put((byte) id.length())
                .put(id.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    private static Cipher cipher(int mode, SecretKey ofRing, LookupKey session, byte[] header, byte[] nonce)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, RowKeys.derive(ofRing, session), new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(session.toBytes());
        return cipher;
    }
}
