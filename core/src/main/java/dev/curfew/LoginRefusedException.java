package dev.curfew;

import dev.curfew.session.CurfewException;

/** A login did not become a session although its credentials were right. */
public final class LoginRefusedException extends CurfewException {
    private static final long serialVersionUID = 1L;

    LoginRefusedException(String message) {
        super(message, null);
    }
}
