package dev.curfew.redis;

import dev.curfew.session.CurfewException;

/** The store was written by another version of Curfew, which this one does not understand. */
public final class LayoutMismatchException extends CurfewException {
    private static final long serialVersionUID = 1L;

    LayoutMismatchException(String stored) {
        super(
                stored.isEmpty() || stored.equals(Installation.LAYOUT_BEFORE)
                        ? "the store has an older layout: open it with one node of this version alone, which"
                                + " converts it"
                        : "the store has layout " + stored + ", and this version of Curfew knows layout "
                                + Installation.LAYOUT,
                null);
    }
}
