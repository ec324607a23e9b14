package dev.curfew.crypto;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * One row's payload cannot be read: damaged, of another session, not encrypted though it should be, or written by a
 * newer version. The row can still be revoked.
 */
public class UndecodablePayloadException extends CurfewException {
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
