package dev.curfew.store;

import dev.curfew.session.CurfewException;
import org.jspecify.annotations.Nullable;

/**
 * The store did not answer in time, or answered that it cannot say. Retrying is safe. A write that fails so is not
 * known to have happened, and its message says that. A store whose trouble has names of its own makes them the cause,
 * as a {@link CurfewException} of its own, so that a host can tell a full disk from a lock.
 */
public sealed class StoreUnavailableException extends CurfewException permits BeforeHorizonException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveHappened;

    /**
     * Makes the failure of an operation that writes nothing.
     *
     * @param operation which verb of the store
     * @param cause what the driver said, or null
     */
    public StoreUnavailableException(String operation, @Nullable Throwable cause) {
        super("store unavailable during " + operation, cause);
        this.mayHaveHappened = false;
    }

    private StoreUnavailableException(String operation, String advice, @Nullable Throwable cause) {
        super("store unavailable during " + operation + advice, cause);
        this.mayHaveHappened = true;
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

    /** {@return whether it is the failure of a write, which may have happened all the same} */
    public boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
