package dev.curfew.token;

/**
 * An authentic token whose time is over: it opens nothing, but its bearer may still end the session that it names.
 *
 * <p>Only {@link TokenVerifier#verifyForLogout} makes one. Immutable.
 */
public final class ExpiredToken extends AuthenticToken {
    ExpiredToken(TokenContent content) {
        super(content);
    }
}
