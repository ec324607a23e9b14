package dev.curfew.watch;

import dev.curfew.session.CurfewException;

/** This node watches as many connections as it may. None makes room for another one. */
public final class TooManyWatchesException extends CurfewException {
    private static final long serialVersionUID = 1L;

    TooManyWatchesException(int most) {
        super("this node has as many watches as it may: watchesAtMost(" + most + ") is the bound", null);
    }

    @Override
    public boolean isRetryable() {
        return true;
    }
}
