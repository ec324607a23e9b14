package dev.curfew.token;

/** By which instant cut-offs judge a token that carries no session id of ours. */
public enum BeganAt {
    /**
     * By {@code auth_time} and {@code iat}, whichever is earlier. A token without {@code auth_time} is refused, because
     * a cut-off could not reach what the issuer's refresh tokens make after it.
     */
    AUTHENTICATED_AT,
    /**
     * By {@code iat} where there is no {@code auth_time}. <b>The issuer's refresh tokens then outlive a cut-off:</b> a
     * token that was refreshed after "end all sessions" counts as begun after it, and is accepted. Only for issuers
     * whose refresh tokens are revoked together with the cut-off, or that have none.
     */
    ISSUED_AT
}
