package dev.curfew.session;

import org.jspecify.annotations.Nullable;

/**
 * The base of every failure that Curfew reports by throwing.
 *
 * <p>Messages name a setting, an operation or a short fingerprint, never a token, a claim's value, a secret or a key:
 * they may be logged as they are.
 */
public abstract class CurfewException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes a failure.
     *
     * @param message what went wrong, safe to log
     * @param cause what caused it, or null
     */
    protected CurfewException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /**
     * {@return whether the same call may succeed later without any change by the caller: true for an outage, false for
     * a mistake}
     */
    public boolean isRetryable() {
        return false;
    }
}
