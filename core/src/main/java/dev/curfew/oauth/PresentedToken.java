package dev.curfew.oauth;

import dev.curfew.token.AuthenticToken;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a presented text is. Immutable.
 *
 * <p>A text of a form that only the host can read is described by its claims, of which
 * {@link dev.curfew.token.TokenVerifier#alreadyVerified(java.util.Map, String)} makes an {@link AuthenticToken}: so
 * what it names is derived in one place, whatever the text looks like.
 */
public final class PresentedToken {
    /** What a token is for. */
    public enum Kind {
        /** It is shown to resources. */
        ACCESS,
        /** It is exchanged for others. */
        REFRESH,
        /** Something else, which is not revoked by itself. */
        OTHER
    }

    private final Kind kind;
    private final @Nullable AuthenticToken token;

    private PresentedToken(Kind kind, @Nullable AuthenticToken token) {
        this.kind = kind;
        this.token = token;
    }

    /**
     * An access token.
     *
     * @param token authentic
     * @return what the text is
     */
    public static PresentedToken access(AuthenticToken token) {
        return new PresentedToken(Kind.ACCESS, Objects.requireNonNull(token, "token"));
    }

    /**
     * A refresh token of the host's own; those of Curfew ({@code cfr1_}) never come to the host.
     *
     * @param token authentic
     * @return what the text is
     */
    public static PresentedToken refresh(AuthenticToken token) {
        return new PresentedToken(Kind.REFRESH, Objects.requireNonNull(token, "token"));
    }

    /**
     * A token that the host knows and does not revoke, such as an authorization code: answered
     * {@code unsupported_token_type}, and inactive.
     *
     * @return what the text is
     */
    public static PresentedToken other() {
        return new PresentedToken(Kind.OTHER, null);
    }

    /** {@return what it is for} */
    public Kind kind() {
        return kind;
    }

    /** {@return what it says; nothing of {@link Kind#OTHER}} */
    public Optional<AuthenticToken> token() {
        return Optional.ofNullable(token);
    }

    /** Pseudonyms only. */
    @Override
    public String toString() {
        return kind + (token == null ? "" : "[" + token + "]");
    }
}
