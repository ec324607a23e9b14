package dev.curfew.session;

/**
 * The public name of a session, ours or a foreign issuer's: the {@code sid} claim and the {@code {id}} in a URL.
 *
 * <p>A handle authenticates nothing. Whether an issuer's handles are ours is declared by the host for that issuer, and
 * never guessed from the text.
 */
public sealed interface SessionHandle permits SessionId, ForeignSessionId {
    /** {@return the handle as it stands in a token or a URL} */
    String value();
}
