package dev.curfew.token;

import dev.curfew.session.InvalidIdentifierException;
import dev.curfew.session.SenderKey;
import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code cnf} claim (RFC 7800): the key without whose proof a token is worth nothing.
 *
 * <p>What nobody here can compare is refused and not ignored: a token that its issuer has bound must not become one for
 * any bearer.
 */
final class Confirmation {
    private static final String CLAIM = "cnf";

    private Confirmation() {}

    /** The key, or null if anybody may bear the token. */
    static @Nullable SenderKey read(Map<String, @Nullable Object> claims) {
        if (!claims.containsKey(CLAIM)) {
            return null;
        }
        if (!(claims.get(CLAIM) instanceof Map<?, ?> members) || members.isEmpty()) {
            throw refused("is not an object with a member");
        }
        if (members.size() > 1) {
            throw refused("has several members, and a request proves one key");
        }
        Map.Entry<?, ?> only = members.entrySet().iterator().next();
        SenderKey.Kind kind = kind(only.getKey());
        if (!(only.getValue() instanceof String thumbprint)) {
            throw refused("has a thumbprint that is not a string");
        }
        try {
            return new SenderKey(kind, thumbprint);
        } catch (InvalidIdentifierException e) {
            throw refused("has a thumbprint that is not 32 bytes in base64url");
        }
    }

    private static SenderKey.Kind kind(@Nullable Object member) {
        if ("jkt".equals(member)) {
            return SenderKey.Kind.JKT;
        }
        if ("x5t#S256".equals(member)) {
            return SenderKey.Kind.X5T_S256;
        }
        throw refused("has neither jkt nor x5t#S256, and nothing else can be compared");
    }

    /** Names no member and no value: both are what came. */
    private static InvalidTokenException refused(String flaw) {
        return new InvalidTokenException(Reason.CLAIM, CLAIM + " " + flaw);
    }
}
