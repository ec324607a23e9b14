package dev.curfew.session;

/**
 * An identifier that no store could keep byte for byte (empty, too long, not well-formed Unicode), or the name of a
 * realm with a blank at its begin or end.
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
