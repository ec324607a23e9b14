package dev.curfew.session;

/**
 * An identifier that no store could keep byte for byte (empty, too long, not well-formed Unicode), or a name that
 * breaks its own rule: of a realm, a scope, a sender's key, or a person's name for a session.
 */
public final class InvalidIdentifierException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the refusal.
     *
     * @param what which identifier, and which rule it breaks; never its value
     */
    public InvalidIdentifierException(String what) {
        super(what, null);
    }
}
