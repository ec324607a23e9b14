package dev.curfew.store;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not answer in time, or answered that it cannot say. Retrying is safe. A write that fails so is not known to have
 * happened, and its message says that.
 */
public sealed class StoreUnavailableException extends CurfewException permits BeforeHorizonException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure of an operation that writes nothing.
     *
     * @param operation which verb of the store
     * @param cause what the driver said, or null
     */
    public StoreUnavailableException(String operation, @Nullable Throwable cause) {
        super("store unavailable during " + operation, cause);
    }

    private StoreUnavailableException(String operation, String advice, @Nullable Throwable cause) {
        super("store unavailable during " + operation + advice, cause);
    }

    /**
     * The failure of an operation that writes.
     *
     * @param operation which verb of the store
     * @param cause what the driver said, or null
     * @return the failure; its message says that nothing is known to have happened
     */
    public static StoreUnavailableException ofWrite(String operation, @Nullable Throwable cause) {
        return new StoreUnavailableException(operation, ": not known to have happened, safe to repeat", cause);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
