package dev.curfew.store;

import java.time.Instant;

/**
 * The instant of an operation lies before the store's horizon: the store has removed what was forgotten up to a later
 * instant, so it cannot say what was revoked. The clock of this node is behind, or that of a node that purged was
 * ahead. Nothing was written.
 */
public final class BeforeHorizonException extends StoreUnavailableException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param operation which verb of the store
     * @param now the instant of the operation
     * @param horizon of the store
     */
    public BeforeHorizonException(String operation, Instant now, Instant horizon) {
        super(
                operation + " at " + now + ", which is before " + horizon
                        + ", up to when the store has forgotten; set the"
                        + " clock of this node right, or reset the horizon if a clock that ran ahead has raised it",
                null);
    }
}
