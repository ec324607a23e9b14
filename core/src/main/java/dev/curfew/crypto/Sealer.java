package dev.curfew.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts and authenticates short-lived values that leave the server and come back, with AES-256-GCM (NIST SP
 * 800-38D). Thread-safe.
 */
public final class Sealer {
    /** The size of a key in bytes. */
    public static final int KEY_BYTES = 32;

    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MAX_TEXT = 1 << 18;

    private final SecretKey key;
    private final SecureRandom random = new SecureRandom();

    private Sealer(byte[] key) {
        this.key = new SecretKeySpec(key, "AES");
    }

    /**
     * Seals with a key that others share.
     *
     * @param key 32 random bytes, copied
     * @return the sealer
     * @throws IllegalArgumentException if the key has another size, or is obviously not random
     */
    public static Sealer withKey(byte[] key) {
        if (key.length != KEY_BYTES) {
            throw GuessableSecrets.wrongSize("sealing key", key, KEY_BYTES);
        }
        GuessableSecrets.refuse("sealing key", key);
        return new Sealer(key);
    }

    /**
     * Seals with a key that nobody else knows.
     *
     * @return a sealer that opens only what itself has sealed
     */
    public static Sealer withRandomKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return new Sealer(key);
    }

    /**
     * Seals a value.
     *
     * @param plain the value
     * @param purpose what it is for; it opens for no other purpose
     * @return text of base64url characters
     */
    public String seal(byte[] plain, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, purpose).doFinal(plain);
            byte[] envelope = ByteBuffer.allocate(nonce.length + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return Base64.getUrlEncoder().withoutPadding().encodeToString(envelope);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /**
     * Opens a sealed value.
     *
     * @param text what came back
     * @param purpose what it was sealed for
     * @return the value, or nothing if it was not sealed with this key for this purpose
     */
    public Optional<byte[]> open(String text, String purpose) {
        if (text.length() > MAX_TEXT) {
            return Optional.empty();
        }
        try {
            ByteBuffer envelope = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
            if (envelope.remaining() < NONCE_BYTES + TAG_BITS / Byte.SIZE) {
                return Optional.empty();
            }
            byte[] nonce = new byte[NONCE_BYTES];
            envelope.get(nonce);
            byte[] sealed = new byte[envelope.remaining()];
            envelope.get(sealed);
            return Optional.of(cipher(Cipher.DECRYPT_MODE, nonce, purpose).doFinal(sealed));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
