package dev.curfew.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Refuses secrets that somebody typed, copied or padded instead of generating them.
 *
 * <p>It looks for what people really paste, also where it is hidden in hexadecimal digits or base64. A generated key is
 * taken for such a thing less than once in a million times, whether it comes as bytes, hexadecimal digits, base32,
 * base64 or as a password of letters and digits. A secret that passes is not proven to be random.
 */
public final class GuessableSecrets {
    private static final int LEAST_BYTES = 32;

    /** Text in hex in base64, and no further. */
    private static final int MAX_DEPTH = 3;

    /** So short, random bytes may be text of a language other than English by chance. */
    private static final int SURE_BYTES = 24;

    private GuessableSecrets() {}

    /**
     * Refuses a secret that looks guessable, and says how to make a good one.
     *
     * @param name what it is, for the message
     * @param secret the bytes, of which nothing is kept or told but how many they are
     * @throws IllegalArgumentException if it looks guessable
     */
    public static void refuse(String name, byte[] secret) {
        String weakness = weaknessOf(secret, 1);
        if (weakness != null) {
            throw new IllegalArgumentException(name + " is guessable (" + weakness + ", " + secret.length
                    + " bytes were given): " + advice(LEAST_BYTES));
        }
    }

    /**
     * How to make a secret.
     *
     * @param bytes how long it must be
     * @return the end of a message
     */
    public static String advice(int bytes) {
        return "generate one, as by: openssl rand -base64 " + bytes;
    }

    /**
     * The refusal of a key that has not the one size that it must have.
     *
     * @param name what it is, for the message
     * @param key the bytes, of which nothing is told but how many they are, and how many others they spell
     * @param bytes how many it must have
     * @return to be thrown
     */
    static IllegalArgumentException wrongSize(String name, byte[] key, int bytes) {
        return new IllegalArgumentException(name + " has " + key.length + " bytes, and must have " + bytes + ": "
                + spelled(key)
                        .map(spelled -> "they are a text that spells " + spelled + ", so decode that first, as by"
                                + " Base64.getDecoder() or HexFormat.of()")
                        .orElseGet(() -> advice(bytes) + ", then decode it"));
    }

    /**
     * What a secret that is a text spells, if that is a key: somebody may have forgotten to decode it.
     *
     * @param secret the bytes, of which nothing is told but how many others they spell, and how
     * @return such as {@code 32 bytes in Base64}
     */
    public static Optional<String> spelled(byte[] secret) {
        return text(withoutPadding(secret)).flatMap(SpelledBytes::describe);
    }

    private static @Nullable String weaknessOf(byte[] secret, int depth) {
        String shape = ByteShape.weaknessOf(secret);
        if (shape != null) {
            return shape;
        }
        byte[] inner = withoutPadding(secret);
        Optional<String> text = text(inner);
        if (text.isEmpty()) {
            return null;
        }
        if (inner.length < secret.length && inner.length < LEAST_BYTES) {
            return "a short text, padded";
        }
        String weakness = TypedText.weaknessOf(text.get());
        return weakness != null || depth == MAX_DEPTH ? weakness : hidden(text.get(), depth);
    }

    /** A text that is only spelled in digits is as guessable as itself. */
    private static @Nullable String hidden(String text, int depth) {
        for (byte[] decoded : SpelledBytes.of(text)) {
            String weakness = weaknessOf(decoded, depth + 1);
            if (weakness == null
                    && text(decoded)
                            .filter(Predicate.not(GuessableSecrets::isLongKey))
                            .isPresent()) {
                weakness = "a text";
            }
            if (weakness != null) {
                return depth == 1 ? weakness + ", spelled in hex or base64" : weakness;
            }
        }
        return null;
    }

    private static boolean isLongKey(String text) {
        return text.length() >= LEAST_BYTES && SpelledBytes.mayBeKey(text);
    }

    /** Without what fills a short text up: zeros and white space on either side. */
    private static byte[] withoutPadding(byte[] secret) {
        int start = 0;
        int end = secret.length;
        while (start < end && isPadding(secret[start])) {
            start++;
        }
        while (end > start && isPadding(secret[end - 1])) {
            end--;
        }
        return Arrays.copyOfRange(secret, start, end);
    }

    private static boolean isPadding(byte octet) {
        return octet == 0 || octet == ' ' || octet == '\t' || octet == '\n' || octet == '\r';
    }

    /** The bytes as text without line breaks, if they are text: UTF-8 without control characters. */
    private static Optional<String> text(byte[] bytes) {
        for (byte octet : bytes) {
            boolean isControl = octet >= 0 && octet < ' ' && !isPadding(octet) || octet == 0 || octet == 0x7F;
            if (isControl || octet < 0 && bytes.length < SURE_BYTES) {
                return Optional.empty();
            }
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean hasLines = text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
            return Optional.of(hasLines ? text.replace("\r", "").replace("\n", "") : text);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
