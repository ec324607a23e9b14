package dev.curfew.token;

/** Whose session ids an issuer's tokens carry: declared for each issuer, and never guessed from the text. */
public enum SessionIds {
    /** The ids of Curfew's sessions. They prove when the session began, and must belong to the token's subject. */
    OURS,
    /** The issuer's own ids: opaque texts that prove no instant. */
    FOREIGN,
    /**
     * None: the tokens name no session, and no claim is read as one. What would revoke a session is answered
     * accordingly; only a token or a cut-off ends them.
     */
    NONE
}
