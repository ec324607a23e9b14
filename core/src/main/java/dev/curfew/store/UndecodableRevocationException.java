package dev.curfew.store;

import dev.curfew.session.CurfewException;

/**
 * A recorded revocation cannot be read: damaged, or written by a newer version. Whoever it may cover is not known to be
 * active. It is no outage: the store does answer, and what it answers about others is right.
 */
public final class UndecodableRevocationException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param message which column or code is wrong
     */
    public UndecodableRevocationException(String message) {
        super(message, null);
    }
}
