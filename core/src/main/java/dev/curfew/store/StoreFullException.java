package dev.curfew.store;

import dev.curfew.session.CurfewException;

/**
 * A bounded store has no room for another session. It never makes room by dropping a live one.
 */
public final class StoreFullException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the refusal.
     *
     * @param setting the name and value of the bound
     */
    public StoreFullException(String setting) {
        super(
                "session store is full (" + setting + "): raise the bound, shorten lifetimes, or choose a larger store",
                null);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
