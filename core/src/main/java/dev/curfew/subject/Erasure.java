package dev.curfew.subject;

import java.util.Objects;
import java.util.Optional;

/**
 * What one call of an erasure has done. Immutable.
 *
 * @param removed how many sessions it removed
 * @param isReached whether the tokens of all issuers of the realm name subjects, as their policies declare; if not,
 *     those of the others stay usable until they expire, unless the realm is revoked. False if no policy has the realm,
 *     true if the service knows no policies
 * @param next with what to call again, or nothing if the erasure is complete
 */
public record Erasure(int removed, boolean isReached, Optional<ErasureCursor> next) {
    /** Checks that nothing is missing. */
    public Erasure {
        Objects.requireNonNull(next, "next");
    }

    /**
     * Whether the store holds no session any more that began at or before the cut-off. A row so damaged that the store
     * cannot tell when it began does not count: it stays, and stands in the store's log. Neither do tokens that are not
     * {@code isReached}.
     *
     * @return true if there is nothing to go on with
     */
    public boolean isComplete() {
        return next.isEmpty();
    }
}
