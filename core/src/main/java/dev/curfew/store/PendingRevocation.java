package dev.curfew.store;

import java.time.Instant;

/**
 * A revocation that stands in the host's own transaction, which is not committed yet. Thread-safe.
 *
 * <p>Nothing of it may be believed before the commit: neither an index nor an event starts here. If the host rolls
 * back, nothing was revoked anywhere.
 */
public interface PendingRevocation {
    /** {@return what will have become of it if the host commits; its instants are not fixed yet} */
    RevokeResult result();

    /**
     * Says that the host has committed, and fixes the instants, unless a reader of the feed came first. Safe to repeat;
     * if it is never called, a reader does the same.
     *
     * @param now the instant of the operation, read after the commit
     * @return what stands; {@code changed} says whether this call has fixed it, so that nobody else tells what became
     *     of it
     * @throws IllegalStateException if the host's transaction was rolled back, or is not committed yet
     * @throws StoreUnavailableException if the store does not answer; the revocation holds all the same
     */
    RevokeResult committed(Instant now);
}
