package dev.curfew.redis.server;

import dev.curfew.session.CurfewException;

/** The store was written by another version of Curfew, which this one does not understand. */
public final class LayoutMismatchException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Says so.
     *
     * @param message which layout was found, and what to do
     */
    public LayoutMismatchException(String message) {
        super(message, null);
    }
}
