package dev.curfew.jose;

import dev.curfew.crypto.UnusableKeyException;
import dev.curfew.crypto.UnusableKeyException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a JWK Set (RFC 7517): public signature keys only.
 *
 * <p>Keys of unknown types and keys for encryption are passed over, as the standard asks. No message spells anything of
 * a key.
 */
public final class JwkSetReader {
    private JwkSetReader() {}

    /**
     * Reads a set that the host was given, in which every key must be right.
     *
     * @throws UnusableKeyException if it is no set, one of its keys is wrong, or no key is left
     */
    public static KeySet read(String json) {
        List<VerificationKey> keys = new ArrayList<>();
        for (Map<?, ?> jwk : entries(json.getBytes(StandardCharsets.UTF_8))) {
            JwkReader.read(jwk).ifPresent(keys::add);
        }
        return KeySet.of(keys);
    }

    /**
     * Reads a set that an issuer publishes. A key that is wrong is left out, as RFC 7517 section 5 asks, so that it
     * verifies nothing, and the others still do.
     *
     * @throws UnusableKeyException if it is no set, or different keys have one id
     */
    public static PublishedKeys readPublished(byte[] json) {
        List<VerificationKey> keys = new ArrayList<>();
        List<Reason> leftOut = new ArrayList<>();
        for (Map<?, ?> jwk : entries(json)) {
            try {
                JwkReader.read(jwk).ifPresent(key -> {
                    if (!KeySet.hasRoomFor(key, keys)) {
                        throw new UnusableKeyException(Reason.TOO_MANY_KEYS_WITHOUT_ID);
                    }
                    keys.add(key);
                });
            } catch (UnusableKeyException e) {
                leftOut.add(e.reason());
            }
        }
        return new PublishedKeys(KeySet.published(keys), leftOut);
    }

    private static List<Map<?, ?>> entries(byte[] json) {
        List<Map<?, ?>> entries = new ArrayList<>();
        if (!(parse(json).get("keys") instanceof List<?> elements)) {
            throw new UnusableKeyException(Reason.SET_MALFORMED);
        }
        // Before any of them is looked into, which costs more than a comparison.
        if (elements.size() > KeySet.MAX_KEYS) {
            throw new UnusableKeyException(Reason.TOO_MANY_KEYS);
        }
        for (Object element : elements) {
            if (!(element instanceof Map<?, ?> jwk)) {
                throw new UnusableKeyException(Reason.SET_MALFORMED);
            }
            entries.add(jwk);
        }
        return entries;
    }

    private static Map<String, ?> parse(byte[] json) {
        try {
            return StrictJson.object(json);
        } catch (NotStrictJsonException e) {
            throw new UnusableKeyException(Reason.SET_MALFORMED);
        }
    }
}
