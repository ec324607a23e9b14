package dev.curfew.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
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
    private static final int MIN_DISTINCT_BYTES = 8;
    private static final int LONG_RUN = 8;

    /** Text in hex in base64, and no further. */
    private static final int MAX_DEPTH = 3;

    /** So short, random bytes may be text of a language other than English by chance. */
    private static final int SURE_BYTES = 24;

    /** In lower case. A random text of 43 characters contains one of them about once in three million times. */
    private static final List<String> WORDS = List.of(
            "secret",
            "s3cret",
            "s3cr3t",
            "password",
            "passw0rd",
            "p@ssw0rd",
            "passphrase",
            "changeme",
            "change-me",
            "change_me",
            "example",
            "your-256",
            "your_256",
            "my-key",
            "my_key",
            "qwerty",
            "asdfghj",
            "zxcvbnm",
            "12345678",
            "abcdefg",
            "letmein",
            "iloveyou",
            "replace",
            "default",
            "jwt-key",
            "jwtkey",
            "jwt_key",
            "tokenkey",
            "random_",
            "signingkey",
            "privatekey");

    /** 122 random bits at most, and unique rather than unguessable. */
    private static final Pattern UUID =
            Pattern.compile("[{(]?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}[})]?");

    private static final Pattern DIGITS = Pattern.compile("[0-9]+");
    private static final Pattern HEX = Pattern.compile("(?:0[xX])?(?:[0-9a-fA-F]{2})++");
    private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]+={0,2}");
    private static final Pattern JSON = Pattern.compile("\\{\\s*\"[^\"]*\"\\s*:.*");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_.-]*");

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

    private static @Nullable String weaknessOf(byte[] secret, int depth) {
        String shape = shapeOf(secret);
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
        String weakness = weaknessOf(text.get());
        return weakness != null || depth == MAX_DEPTH ? weakness : hidden(text.get(), depth);
    }

    /** What bytes of any kind may not look like. */
    private static @Nullable String shapeOf(byte[] secret) {
        int zeros = 0;
        int run = 1;
        int longest = 1;
        int repeats = 0;
        int steps = 0;
        boolean[] seen = new boolean[1 << Byte.SIZE];
        int distinct = 0;
        for (int i = 0; i < secret.length; i++) {
            zeros += secret[i] == 0 ? 1 : 0;
            distinct += seen[secret[i] & 0xFF] ? 0 : 1;
            seen[secret[i] & 0xFF] = true;
            if (i > 0) {
                int step = Math.abs(secret[i] - secret[i - 1]);
                run = step == 0 ? run + 1 : 1;
                longest = Math.max(longest, run);
                repeats += step == 0 ? 1 : 0;
                steps += step == 1 ? 1 : 0;
            }
        }
        if (distinct < MIN_DISTINCT_BYTES) {
            return "few different bytes";
        }
        if (longest >= LONG_RUN || repeats * 5 >= secret.length * 2) {
            return "long runs of one byte";
        }
        if (zeros * 4 >= secret.length || isOfTwoBytes(secret, 0) || isOfTwoBytes(secret, 1)) {
            return "many zero bytes, or text in UTF-16";
        }
        if (steps * 2 > secret.length) {
            return "a sequence";
        }
        if (isRepetition(secret)) {
            return "a repetition";
        }
        return DerShape.isDer(secret) ? "a key or a certificate" : null;
    }

    private static @Nullable String weaknessOf(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (text.contains("-----BEGIN") || JWT.matcher(text).matches()) {
            return "a key, a certificate or a token";
        }
        if (JSON.matcher(text).matches() || lower.contains("\"kty\"")) {
            return "a JSON text";
        }
        if (UUID.matcher(text).matches()) {
            return "a UUID";
        }
        if (DIGITS.matcher(text).matches()) {
            return "digits only";
        }
        if (WORDS.stream().anyMatch(lower::contains)) {
            return "a common word";
        }
        return HumanText.isLikely(text) ? "words or letters of a language" : null;
    }

    /** A text that is only spelled in digits is as guessable as itself. */
    private static @Nullable String hidden(String text, int depth) {
        for (byte[] decoded : List.of(fromHex(text), fromBase64(text))) {
            if (decoded.length == 0) {
                continue;
            }
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
        return text.length() >= LEAST_BYTES && BASE64.matcher(text).matches();
    }

    private static byte[] fromHex(String text) {
        if (!HEX.matcher(text).matches()) {
            return new byte[0];
        }
        boolean isMarked = text.startsWith("0x") || text.startsWith("0X");
        return HexFormat.of().parseHex(isMarked ? text.substring(2) : text);
    }

    private static byte[] fromBase64(String text) {
        if (!BASE64.matcher(text).matches()) {
            return new byte[0];
        }
        try {
            return Base64.getUrlDecoder().decode(text.replace('+', '-').replace('/', '_'));
        } catch (IllegalArgumentException e) {
            // Of an impossible length: no base64 after all.
            return new byte[0];
        }
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

    /** Whether every second byte is one of three, as in a text of two bytes for each character. */
    private static boolean isOfTwoBytes(byte[] secret, int start) {
        int distinct = 0;
        byte[] seen = new byte[3];
        for (int i = start; i < secret.length; i += 2) {
            boolean isNew = true;
            for (int j = 0; j < distinct; j++) {
                isNew &= seen[j] != secret[i];
            }
            if (isNew && distinct == seen.length) {
                return false;
            }
            if (isNew) {
                seen[distinct++] = secret[i];
            }
        }
        return true;
    }

    private static boolean isRepetition(byte[] secret) {
        for (int period = 1; period <= secret.length / 2; period++) {
            if (hasPeriod(secret, period)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasPeriod(byte[] secret, int period) {
        for (int i = period; i < secret.length; i++) {
            if (secret[i] != secret[i - period]) {
                return false;
            }
        }
        return true;
    }
}
