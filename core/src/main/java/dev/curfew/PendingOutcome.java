package dev.curfew;

import dev.curfew.ended.RevocationEvents.Context;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.RevokeResult;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A revocation in the host's transaction, which begins to count when the host has committed. Thread-safe.
 *
 * <p>Nothing is told before {@link #committed}. A host that never calls it, because its process died, loses nothing:
 * whoever reads the store's feed fixes the instants and tells what became of it.
 */
public final class PendingOutcome {
    private final RevocationOutcome outcome;
    private final @Nullable Standing standing;

    /** Guarded by the lock. */
    private boolean isOver;

    /** What stands in the transaction, and what is told about it. */
    record Standing(
            PendingRevocation pending,
            RevocationRequest request,
            Context context,
            RevocationExecutor executor,
            Clock clock) {}

    PendingOutcome(RevocationOutcome outcome, @Nullable Standing standing) {
        this.outcome = outcome;
        this.standing = standing;
    }

    /** {@return what will have become of it if the host commits; a refusal is final, whatever the host does} */
    public RevocationOutcome outcome() {
        return outcome;
    }

    /**
     * Says that the host has committed. This node's checks refuse what is revoked before the call returns, and the
     * events are told. One round trip, or a short transaction.
     *
     * @return what has become of it
     * @throws IllegalStateException if the transaction was rolled back or is not committed yet, or this was said before
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer; the revocation holds all the
     *     same, and the call may be repeated
     */
    public RevocationOutcome committed() {
        synchronized (this) {
            if (isOver) {
                throw new IllegalStateException("the end of this transaction was told already");
            }
            isOver = true;
        }
        boolean isDone = false;
        try {
            RevocationOutcome done = standing == null ? outcome : close(standing);
            isDone = true;
            return done;
        } finally {
            if (!isDone) {
                synchronized (this) {
                    isOver = false;
                }
            }
        }
    }

    /** Says that the host has rolled back, so that nothing was revoked. To forget this object does the same. */
    public synchronized void rolledBack() {
        isOver = true;
    }

    private RevocationOutcome close(Standing act) {
        Instant now = act.clock().instant();
        RevokeResult before = act.pending().result();
        RevokeResult after = act.pending().committed(now);
        if (after instanceof RevokeResult.Recorded recorded) {
            if (recorded.changed()) {
                act.executor().events().recorded(recorded, act.context(), now);
            } else if (before instanceof RevokeResult.Recorded known && !known.changed()) {
                act.executor().repeated(recorded, act.request(), act.context(), now);
            }
        }
        return outcome;
    }
}
