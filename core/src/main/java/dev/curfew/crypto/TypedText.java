package dev.curfew.crypto;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells a text that somebody typed or copied from one that a generator made. */
final class TypedText {
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
            "98765432",
            "31415926",
            "27182818",
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

    /**
     * A key of 16 bytes in hexadecimal digits has no letter once in three million times, so 32 digits prove nothing.
     */
    private static final Pattern FEW_DIGITS = Pattern.compile("[0-9]{1,31}");

    private static final Pattern JSON = Pattern.compile("\\{\\s*\"[^\"]*\"\\s*:.*");
    private static final Pattern JWT = Pattern.compile("eyJ[A-Za-z0-9_-]*\\.[A-Za-z0-9_.-]*");

    private TypedText() {}

    /** Why somebody may guess it, in words; null if nothing is striking. */
    static @Nullable String weaknessOf(String text) {
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
        if (FEW_DIGITS.matcher(text).matches()) {
            return "digits only";
        }
        if (WORDS.stream().anyMatch(lower::contains)) {
            return "a common word";
        }
        return HumanText.isLikely(text) ? "words or letters of a language" : null;
    }
}
