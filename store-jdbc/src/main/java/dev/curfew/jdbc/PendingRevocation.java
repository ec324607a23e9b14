package dev.curfew.jdbc;

import dev.curfew.store.RevokeResult;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Function;

/**
 * A revocation that stands in the host's own transaction, which is not committed yet. Immutable.
 *
 * <p>Nothing of it may be believed before the commit: neither an index nor an event starts here. If the host rolls back, nothing
 * was revoked anywhere.
 */
public final class PendingRevocation {
    private final RevokeResult result;
    private final Function<Instant, RevokeResult> commit;

    PendingRevocation(RevokeResult result, Function<Instant, RevokeResult> commit) {
        this.result = Objects.requireNonNull(result, "result");
        this.commit = Objects.requireNonNull(commit, "commit");
    }

    /**
     * What will have become of it if the host commits.
     *
     * @return the answer of the step, whose instant is not final if it means "now"
     */
    public RevokeResult result() {
        return result;
    }

    /**
     * Says that the host has committed: a cut-off that means "now" gets the instant of this moment, unless a reader of the feed
     * came first. Safe to repeat; if it is never called, the first reader does the same.
     *
     * @param now the instant of the operation, read after the commit
     * @return what stands
     * @throws IllegalStateException if the host's transaction was rolled back, or is not committed yet
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer; the revocation holds all the same
     */
    public RevokeResult committed(Instant now) {
        return commit.apply(Objects.requireNonNull(now, "now"));
    }
}
