package dev.curfew.store;

import dev.curfew.session.CurfewException;
import java.time.Duration;

/**
 * A purge is refused: the clocks of this node and of the store differ by more than the node skew, so one of them is
 * wrong.
 */
public final class ClocksDifferException extends CurfewException {
    private static final long serialVersionUID = 1L;

    /**
     * Makes the failure.
     *
     * @param difference the node's clock less the store's
     * @param nodeSkew what is allowed
     */
    public ClocksDifferException(Duration difference, Duration nodeSkew) {
        super(
                "no purge: the clock of this node is " + difference + " ahead of the store's, and nodeSkew allows "
                        + nodeSkew + "; set both clocks right, then purge again",
                null);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
