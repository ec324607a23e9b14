package dev.curfew.crypto;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * One row's payload cannot be read: damaged, or written by a newer version. The row can still be revoked.
 */
public final class UndecodablePayloadException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param message what is wrong, never what stands there
     * @param cause what caused it, or null
     */
    public UndecodablePayloadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
