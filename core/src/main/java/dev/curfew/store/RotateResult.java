package dev.curfew.store;

import java.util.Optional;

/** What became of an exchange. Immutable. */
public sealed interface RotateResult {
    /** What was to be written stands, by this call or by an earlier one of the same exchange. */
    record Rotated() implements RotateResult {}

    /**
     * The session is live, but its row is another one than was expected; nothing was changed.
     *
     * @param standing the row, as the step that compared it found it: what another exchange has left there
     */
    record Mismatch(StoredSession standing) implements RotateResult {}

    /**
     * There is no such live session; nothing was changed.
     *
     * @param found the row, as that step found it, with what covers it, if there is a row that can be read
     */
    record NotLive(Optional<FoundSession> found) implements RotateResult {}
}
