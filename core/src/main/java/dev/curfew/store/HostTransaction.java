package dev.curfew.store;

import java.time.Instant;

/**
 * A transaction of the host that a store has joined: what is revoked in it is revoked if and only if the host commits.
 * Used by the thread that works in that transaction.
 *
 * <p>From the revocation until the end of the transaction, logins, refreshes and other revocations of that subject
 * wait. So the host calls it last, directly before its commit.
 */
public interface HostTransaction {
    /** {@return the store that has joined it} */
    SessionStore store();

    /**
     * Revokes as part of the transaction, which is neither committed nor rolled back here.
     *
     * @param request what, why and by whom
     * @param precondition what must hold
     * @param now the instant of the operation
     * @return what will have become of it once the host has committed
     * @throws IllegalStateException if the host is in no transaction any more
     * @throws StoreUnavailableException if the store refuses; the host should roll back
     */
    PendingRevocation revoke(RevocationRequest request, Precondition precondition, Instant now);
}
