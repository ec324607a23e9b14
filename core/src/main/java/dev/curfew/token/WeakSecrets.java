package dev.curfew.token;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Refuses HMAC secrets that somebody typed or copied instead of generating them. */
final class WeakSecrets {
    private static final int MIN_DISTINCT_BYTES = 8;

    /** In lower case. A random text of 43 characters contains one of them about once in five million times. */
    private static final List<String> WORDS = List.of(
            "secret",
            "s3cret",
            "s3cr3t",
            "password",
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
            "12345678",
            "abcdefg",
            "replace",
            "default",
            "jwt-key",
            "jwtkey",
            "jwt_key",
            "tokenkey",
            "random_",
            "privatekey");

    /** 122 random bits at most, and unique rather than unguessable. */
    private static final Pattern UUID =
            Pattern.compile("[{(]?[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}[})]?");

    private WeakSecrets() {}

    static void refuse(byte[] secret) {
        String text = new String(secret, StandardCharsets.ISO_8859_1);
        String lower = text.toLowerCase(Locale.ROOT);
        boolean weak = text.chars().distinct().count() < MIN_DISTINCT_BYTES
                || isRepetition(secret)
                || isSequence(secret)
                || UUID.matcher(text).matches()
                || text.chars().allMatch(c -> c >= '0' && c <= '9')
                || WORDS.stream().anyMatch(lower::contains);
        if (weak) {
            throw new IllegalArgumentException("secret is guessable: generate it with SecureRandom");
        }
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

    private static boolean isSequence(byte[] secret) {
        int steps = 0;
        for (int i = 1; i < secret.length; i++) {
            if (Math.abs(secret[i] - secret[i - 1]) == 1) {
                steps++;
            }
        }
        return steps * 2 > secret.length;
    }
}
