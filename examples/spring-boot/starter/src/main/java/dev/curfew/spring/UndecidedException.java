package dev.curfew.spring;

import dev.curfew.session.CurfewException;

/** Nobody can say whether a token is revoked: answered as an outage, never as a success nor as a bad token. */
final class UndecidedException extends CurfewException {
    private static final long serialVersionUID = 1L;

    UndecidedException() {
        super("nobody can say whether the token is revoked", null);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
