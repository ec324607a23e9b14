package dev.curfew.session;

/**
 * A session handle that a foreign identity provider chose: an opaque text that proves no instant. Immutable.
 *
 * @param value the {@code sid} claim; well-formed Unicode, not empty
 */
public record ForeignSessionId(String value) implements SessionHandle {
    /**
     * Takes a provider's session id.
     *
     * @throws InvalidIdentifierException if no store could keep that value
     */
    public ForeignSessionId {
        Identifiers.require(value, "session id");
    }

    /** A pseudonym: the handle is a claim of somebody else's token. */
    @Override
    public String toString() {
        return "foreign-session:" + LookupKey.of("foreign-session", value);
    }
}
