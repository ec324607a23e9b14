package dev.curfew.refresh;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What a client draws anew for each refresh and repeats until it has the answer. As secret as the token. Immutable.
 */
public final class AttemptKey {
    /** The fewest characters. */
    public static final int MIN_LENGTH = 16;

    /** The most characters. */
    public static final int MAX_LENGTH = 128;

    private final byte[] bytes;

    private AttemptKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Takes a key.
     *
     * @param text 16 to 128 visible ASCII characters, drawn at random
     * @return the key
     * @throws IllegalArgumentException if it is shorter, longer, or has other characters; the message does not show it
     */
    public static AttemptKey of(String text) {
        if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an attempt key has " + MIN_LENGTH + " to " + MAX_LENGTH
                    + " characters, this one has " + text.length());
        }
        if (!text.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("an attempt key has visible ASCII characters only");
        }
        return new AttemptKey(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** {@return a copy of its characters in ASCII} */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof AttemptKey that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "AttemptKey";
    }
}
