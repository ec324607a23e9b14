package dev.curfew.status;

import dev.curfew.session.CurfewException;

/** A status list is not written as the specification has it; the message repeats nothing of it. */
public final class InvalidStatusListException extends CurfewException {
    private static final long serialVersionUID = 1L;

    InvalidStatusListException(String what) {
        super("status list refused: " + what, null);
    }
}
