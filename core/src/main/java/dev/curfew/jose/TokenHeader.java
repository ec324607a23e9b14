package dev.curfew.jose;

import dev.curfew.jose.UnreadableTokenException.Flaw;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What counts of a token's header; whatever else stands there, keys and addresses of keys included, is not even read.
 *
 * @param algorithm one that is known, not necessarily allowed
 * @param keyId the {@code kid}, or null; only ever compared
 * @param type the {@code typ}, or null
 */
public record TokenHeader(
        Algorithm algorithm,
        @Nullable String keyId,
        @Nullable String type) {

    static TokenHeader read(Map<String, @Nullable Object> members) throws UnreadableTokenException {
        // We understand no extension, and an unencoded payload (RFC 7797) is not for tokens.
        if (members.containsKey("crit") || members.containsKey("b64")) {
            throw new UnreadableTokenException(Flaw.ALGORITHM, "the header demands an extension");
        }
        String algorithm = text(members, "alg");
        if (algorithm == null) {
            throw new UnreadableTokenException(Flaw.MALFORMED, "the header has no algorithm");
        }
        return new TokenHeader(
                Algorithm.named(algorithm)
                        .orElseThrow(() -> new UnreadableTokenException(Flaw.ALGORITHM, "unknown algorithm")),
                text(members, "kid"),
                text(members, "typ"));
    }

    private static @Nullable String text(Map<String, @Nullable Object> members, String name)
            throws UnreadableTokenException {
        if (!members.containsKey(name)) {
            return null;
        }
        if (members.get(name) instanceof String text) {
            return text;
        }
        throw new UnreadableTokenException(Flaw.MALFORMED, "the header's " + name + " is not a string");
    }
}
