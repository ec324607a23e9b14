package dev.curfew.session;

/**
 * Why a credential was refused.
 *
 * <p>Only who holds a right secret, the current or the previous one, gets a reason other than {@link #MALFORMED} and
 * {@link #INVALID}, so that a public session id tells nothing about its session.
 */
public enum CredentialRefusal {
    /** No text of a credential, or one that was damaged on its way; the client is told nothing more. */
    MALFORMED,

    /** Of no session, or with a secret that never was its own; the client is told neither which nor anything else. */
    INVALID,

    /** Exchanged for another credential meanwhile; the client is told so, and keeps the other one. */
    SUPERSEDED,

    /** Its session was not used for too long; the client is told that it has expired. */
    IDLE,

    /** Its session has lasted as long as it may; the client is told that it has expired. */
    ABSOLUTE,

    /** Its session was ended; the client is told for what reason. */
    REVOKED,

    /** Issued to another client than asks; the client is told that the grant is not its own, and the session lives. */
    WRONG_CLIENT,

    /** Sent without a proof of the key that it is bound to; the client is told to prove it, and the session lives. */
    WRONG_SENDER,

    /** More scopes asked for than were granted; the client is told that the scope is invalid, and the session lives. */
    WRONG_SCOPE,

    /** The attempt key of the exchange before; the client is told to draw a new one, and the session lives. */
    ATTEMPT_REPEATED
}
