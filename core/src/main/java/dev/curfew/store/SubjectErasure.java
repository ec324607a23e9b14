package dev.curfew.store;

import dev.curfew.session.SubjectId;
import java.time.Instant;

/**
 * An extra ability of a {@link SessionStore}: to remove what is stored of one subject before time removes it.
 * Implementations are thread-safe, and safe on every node at once.
 *
 * <p>It revokes nothing. Whoever erases records a cut-off first, which goes on covering the credentials of sessions
 * whose rows are gone; cut-offs and entries stay until they are forgotten, under pseudonyms. It judges nobody, so that
 * it is done before the {@link SessionStore horizon}, too.
 */
public interface SubjectErasure {
    /** The most rows of a call. */
    int MAX_LIMIT = 1_000;

    /**
     * Removes sessions of a subject, live or not, that began at an instant or before it; what began later stays. The
     * subject's index holds none of them afterwards. Atomic for each row; a call that was not answered is repeated, and
     * goes on where it was. One round trip, or one short transaction for each 200 rows, which is up to five: if a later
     * one fails, what the earlier ones removed is gone and counted by no answer.
     *
     * <p>A row that cannot be read goes too, if the store can tell that it began in time, and stays else.
     *
     * @param subject whose
     * @param beganUntil the last beginning that is removed: the {@code issuedBefore} of the cut-off
     * @param limit the most rows to remove, 1 to {@link #MAX_LIMIT}
     * @param now the instant of the operation
     * @return how many went, and whether more may be there
     * @throws IllegalArgumentException if the limit is out of range
     */
    ErasedRows erase(SubjectId subject, Instant beganUntil, int limit, Instant now);

    /**
     * Checks a limit, for implementations.
     *
     * @param limit of a call
     * @return the same
     * @throws IllegalArgumentException if it is not 1 to {@link #MAX_LIMIT}
     */
    static int requireLimit(int limit) {
        return StoreArguments.requireLimit(limit, MAX_LIMIT);
    }
}
