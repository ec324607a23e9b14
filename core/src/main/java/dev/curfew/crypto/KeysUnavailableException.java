package dev.curfew.crypto;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/** An issuer's keys could not be loaded, and none that may still be used are left: nothing is known of the token. */
public final class KeysUnavailableException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception.
     *
     * @param message what could not be loaded; no key and no claim
     * @param cause what happened, or null
     */
    public KeysUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The next attempt may reach the issuer. */
    @Override
    public boolean isRetryable() {
        return true;
    }
}
