package dev.curfew.examples.server;

import dev.curfew.SessionServiceBuilder;
import dev.curfew.crypto.KeyRing;
import dev.curfew.crypto.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The key of {@code CURFEW_KEY}, 32 random bytes in base64, under which all is stored that leaves this process; or
 * none. Immutable.
 */
final class DemoKey {
    private static final DemoKey NONE = new DemoKey(null);
    private static final String KEY_ID = "demo";
    private static final String SECRET = "demo-signing-secret";

    private final byte @Nullable [] key;

    private DemoKey(byte @Nullable [] key) {
        this.key = key;
    }

    static DemoKey none() {
        return NONE;
    }

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException with a sentence for people, which does not repeat the key
     */
    static DemoKey from(Map<String, String> environment) {
        String text = environment.getOrDefault("CURFEW_KEY", "").strip();
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            byte[] key = Base64.getDecoder().decode(text);
            if (key.length == KeyRing.KEY_BYTES) {
                return new DemoKey(key);
            }
        } catch (IllegalArgumentException e) {
            // The same sentence as for a wrong length.
        }
        throw new IllegalArgumentException(
                "CURFEW_KEY must be 32 random bytes in base64, such as `openssl rand -base64 32` prints.");
    }

    boolean isThere() {
        return key != null;
    }

    /** The decision that a store outside of the process demands. */
    SessionServiceBuilder decide(SessionServiceBuilder sessions) {
        return key == null ? sessions.storeSessionsUnencrypted() : sessions.encryption(KeyRing.of(KEY_ID, key));
    }

    /** What stands in a store for the signing secret. */
    String seal(byte[] secret) {
        return key == null
                ? Base64.getUrlEncoder().encodeToString(secret)
                : sealer(key).seal(secret, SECRET);
    }

    /**
     * The signing secret that stands in a store.
     *
     * @throws IllegalArgumentException with a sentence for people
     */
    byte[] open(String stored) {
        if (key != null) {
            return sealer(key)
                    .open(stored, SECRET)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the signing secret there was not stored under this CURFEW_KEY"));
        }
        byte[] secret = Base64.getUrlDecoder().decode(stored);
        if (secret.length != KeyRing.KEY_BYTES) {
            throw new IllegalArgumentException("the signing secret there is encrypted: set CURFEW_KEY");
        }
        return secret;
    }

    /** A key of its own, so that one key never serves two purposes. */
    private static Sealer sealer(byte[] key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Sealer.withKey(mac.doFinal(SECRET.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HMAC-SHA-256", e);
        }
    }
}
