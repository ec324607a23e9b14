package dev.curfew.spring;

import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads secrets that stand in properties as Base64; no message repeats anything of them. */
final class Secrets {
    /** As variables of the environment have them, too, and the one that the documentation reads the key from. */
    private static final Set<String> NAMES = Set.of("curfewsecret", "curfewencryptionkey", "curfewkey");

    private static final String READABLE_KEYS = "curfewencryptionreadable";

    private Secrets() {}

    /** Whether a property or a variable of that name holds a secret, however it is spelled. */
    static boolean isSecret(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return NAMES.contains(plain) || plain.startsWith(READABLE_KEYS);
    }

    static byte[] decode(String property, @Nullable String text, int leastBytes) {
        String wanted = "Base64 of " + leastBytes + " random bytes" + (leastBytes == 32 ? "" : " or more")
                + ", such as `openssl rand -base64 " + leastBytes + "` prints";
        if (text == null || text.isBlank()) {
            throw CurfewStartException.property(property, "not set", wanted);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw CurfewStartException.property(
                    property, "no Base64: " + text.strip().length() + " characters", wanted);
        }
        if (bytes.length < leastBytes) {
            throw CurfewStartException.property(property, "Base64 of " + bytes.length + " bytes", wanted);
        }
        return bytes;
    }
}
