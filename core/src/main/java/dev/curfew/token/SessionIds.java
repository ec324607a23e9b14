package dev.curfew.token;

/** Whose session ids an issuer writes into {@code sid}: declared for each issuer, and never guessed from the text. */
public enum SessionIds {
    /** The ids of Curfew's sessions. They prove when the session began, and must belong to the token's subject. */
    OURS,
    /** The issuer's own ids: opaque texts that prove no instant. */
    FOREIGN
}
