package dev.curfew.contract;

import dev.curfew.crypto.KeyRing;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Keys of 32 bytes for tests, the same in each run, that no check takes for guessable. */
public final class TestKeys {
    private TestKeys() {}

    /**
     * The SHA-256 of {@code test key} and the number.
     *
     * @param number of the key
     * @return a new array
     */
    public static byte[] key(int number) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(("test key " + number).getBytes(StandardCharsets.US_ASCII));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * A ring of the first of them.
     *
     * @param id of the key
     * @return the ring
     */
    public static KeyRing ring(String id) {
        return KeyRing.of(id, key(1));
    }
}
