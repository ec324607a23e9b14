package dev.curfew.token;

import dev.curfew.session.CurfewException;

/**
 * As many signatures are being verified as may be at once, so that this message was not looked at: nothing is known of
 * it, and its sender should send it again.
 */
public final class VerificationsBusyException extends CurfewException {
    private static final long serialVersionUID = 1L;

    VerificationsBusyException(int atMost) {
        super("as many messages are being verified as may be at once, " + atMost, null);
    }

    /** The next attempt may find room. */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
