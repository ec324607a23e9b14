package dev.curfew;

import dev.curfew.session.CurfewException;

/** A login cannot become a session, whatever its credentials are. */
public final class LoginRefusedException extends CurfewException {
    private static final long serialVersionUID = 1L;

    LoginRefusedException(String message) {
        super(message, null);
    }
}
