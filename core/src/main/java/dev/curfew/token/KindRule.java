package dev.curfew.token;

import dev.curfew.token.InvalidTokenException.Reason;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tells an access token from the other tokens that its issuer signs with the same keys. Immutable.
 *
 * @param acceptsPlainJwt whether {@code typ} of the header may be absent or {@code JWT}
 * @param acceptsIdTokens whether this issuer's ID token is its bearer token
 * @param acceptsNonce whether its access tokens may have a {@code nonce}
 * @param required claims, and the texts of which each must be one
 */
record KindRule(
        boolean acceptsPlainJwt, boolean acceptsIdTokens, boolean acceptsNonce, Map<String, Set<String>> required) {
    private static final Set<String> ACCESS_TOKEN_TYPES = Set.of("at+jwt", "application/at+jwt");
    private static final Set<String> PLAIN_TYPES = Set.of("jwt", "application/jwt");

    /** Claims of logout tokens, security events, status lists and introspection: no access token has them. */
    private static final List<String> OTHER_TOKENS_CLAIMS = List.of("events", "status_list", "token_introspection");

    /** Hashes that bind an ID token to what came along with it. */
    private static final List<String> ID_TOKEN_HASHES = List.of("at_hash", "c_hash", "s_hash");

    /** Claims in which issuers say what kind of token it is. */
    private static final List<String> KIND_CLAIMS = List.of("token_use", "typ", "token_type", "type");

    private static final Set<String> ID_TOKEN_KINDS = Set.of("id", "id_token", "id-token", "idtoken");

    /** What is exchanged for an access token, or ends a session, but opens nothing itself. */
    private static final Set<String> OTHER_KINDS =
            Set.of("refresh", "refresh_token", "refresh-token", "refreshtoken", "offline", "logout");

    private static final List<String> RFC_9068_CLAIMS = List.of("sub", "client_id", "jti");

    KindRule {
        required = Map.copyOf(required);
    }

    void requireType(@Nullable String type) {
        if (type == null) {
            if (!acceptsPlainJwt) {
                throw refused("typ is missing: write at+jwt into the header, or say acceptPlainJwt()");
            }
            return;
        }
        String lower = type.toLowerCase(Locale.ROOT);
        boolean plain = acceptsPlainJwt && PLAIN_TYPES.contains(lower);
        if (!plain && !ACCESS_TOKEN_TYPES.contains(lower)) {
            throw refused("typ is not that of an access token"
                    + (PLAIN_TYPES.contains(lower) ? ", at+jwt; issue that, or say acceptPlainJwt()" : ""));
        }
    }

    void check(Map<String, @Nullable Object> claims) {
        refuse(claims, OTHER_TOKENS_CLAIMS);
        if (!acceptsIdTokens) {
            refuse(claims, ID_TOKEN_HASHES);
            if (!acceptsNonce) {
                refuse(claims, List.of("nonce"));
            }
        }
        for (String name : KIND_CLAIMS) {
            if (claims.containsKey(name) && saysAnother(claims.get(name))) {
                throw refused(name + " says that it is another kind of token");
            }
        }
        required.forEach((name, values) -> {
            // One text and nothing else: an array that also names something else says two things.
            if (!(claims.get(name) instanceof String text) || !values.contains(text)) {
                throw new InvalidTokenException(Reason.CLAIM, name + " is not what require(...) of the policy demands");
            }
        });
        if (!acceptsPlainJwt) {
            requireRfc9068(claims);
        }
    }

    private static void requireRfc9068(Map<String, @Nullable Object> claims) {
        if (AudienceRule.isMissing(claims)) {
            throw new InvalidTokenException(Reason.CLAIM, "aud is missing, or names nobody");
        }
        for (String name : RFC_9068_CLAIMS) {
            if (!claims.containsKey(name)) {
                throw new InvalidTokenException(
                        Reason.CLAIM, name + " is missing, which RFC 9068 demands; issue it, or say acceptPlainJwt()");
            }
        }
    }

    private static void refuse(Map<String, @Nullable Object> claims, List<String> names) {
        for (String name : names) {
            if (claims.containsKey(name)) {
                throw refused("has " + name + ", which no access token has");
            }
        }
    }

    private boolean saysAnother(@Nullable Object kind) {
        if (kind instanceof Collection<?> several) {
            return several.stream().anyMatch(this::saysAnother);
        }
        if (!(kind instanceof String text)) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return OTHER_KINDS.contains(lower) || !acceptsIdTokens && ID_TOKEN_KINDS.contains(lower);
    }

    private static InvalidTokenException refused(String detail) {
        return new InvalidTokenException(Reason.TYPE, detail);
    }
}
