package dev.curfew.store;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link RevokeRule} decided: an answer, after what is to be written. Immutable. */
public final class RevokeDecision {
    private final RevokeResult result;
    private final RevokeResult.@Nullable Recorded act;
    private final boolean entryNeeded;

    private RevokeDecision(RevokeResult result, RevokeResult.@Nullable Recorded act, boolean entryNeeded) {
        this.result = result;
        this.act = act;
        this.entryNeeded = entryNeeded;
    }

    /** Nothing is written. */
    static RevokeDecision answer(RevokeResult result) {
        return new RevokeDecision(result, null, false);
    }

    /** The entry is written, with the name of the act. */
    static RevokeDecision record(RevokeResult.Recorded result) {
        return new RevokeDecision(result, result, true);
    }

    /** Another entry covers as much: only the name of the act is written. */
    static RevokeDecision remember(RevokeResult.Recorded act, RevokeResult.Recorded result) {
        return new RevokeDecision(result, act, false);
    }

    /** {@return what the caller is answered, once everything is written} */
    public RevokeResult result() {
        return result;
    }

    /**
     * What the store remembers under the name of the act ({@link RevocationRequest#act}) for its repeats, for at least
     * {@link StoreSettings#PURGE_DELAY}: {@link RevokeSnapshot#repeated} answers it then.
     *
     * @return what to remember, whether or not the entry is written; nothing if nothing is written
     */
    public Optional<RevokeResult.Recorded> act() {
        return Optional.ofNullable(act);
    }

    /**
     * Tells whether the entry of {@link #act} must be recorded.
     *
     * @return false if nothing is written, or if another entry covers as much; a store that keeps the names of acts in
     *     its entries records it in that case too
     */
    public boolean isEntryNeeded() {
        return entryNeeded;
    }
}
