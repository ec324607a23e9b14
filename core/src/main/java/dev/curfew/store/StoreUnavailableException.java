package dev.curfew.store;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not answer in time, so what was asked is not known to have happened. Retrying is safe.
 */
public final class StoreUnavailableException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param operation which verb of the store
     * @param cause what the driver said, or null
     */
    public StoreUnavailableException(String operation, @Nullable Throwable cause) {
        super("store unavailable during " + operation + ": not known to have happened, safe to repeat", cause);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
