package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.RevocationFeed;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What {@link dev.curfew.deliver.Deliveries} work off: the store's feed, and what an entry of it has left to do.
 * Nothing more is written when something is revoked: the feed itself is what waits to be done. Thread-safe.
 */
public final class Outbox {
    /** Makes readers of the feed. */
    interface Readers {
        RevocationFeed reader();
    }

    private final Readers readers;

    /** Null if the store keeps no shared records. */
    private final @Nullable LinkedSessions linked;

    Outbox(Readers readers, @Nullable LinkedSessions linked) {
        this.readers = readers;
        this.linked = linked;
    }

    /**
     * A reader of the feed, beside the one from which this node's replica is fed. It remembers what it has answered:
     * who could not work off a page begins with a new one, where the page began. Does its own upkeep after a read that
     * is caught up. No round trip.
     *
     * @return a reader for one thread; a read costs one round trip for each partition of the store at most
     */
    public RevocationFeed reader() {
        return readers.reader();
    }

    /**
     * Finishes what was begun with an entry of the feed: ends each session of ours that is tied to a login which the
     * entry covers, and that has not ended yet, also one that has not begun. Idempotent, on any node, whoever recorded
     * the entry and whenever. One round trip for each 500 sessions that are tied to what the entry names, and one for
     * each of them that it covers; one more for each that it ends.
     *
     * <p>An entry that stands in place of a finer one, for want of room in the store, ends what it covers itself: a
     * subject's tied sessions. Those of a whole realm are in no list, so that such an entry ends none.
     *
     * @param entry as it was read, also if it is forgotten by now
     * @param goesOn asked before each step; false if it is to be left undone
     * @return what has become of it
     * @throws dev.curfew.store.StoreUnavailableException if the store does not answer; what was not done is safe to do
     *     again
     */
    public Finished finish(Revocation entry, BooleanSupplier goesOn) {
        return linked == null ? Finished.NOTHING : linked.finish(entry, goesOn);
    }

    /**
     * What has become of an entry. Immutable.
     *
     * @param ended how many live sessions of ours have ended by this call
     * @param unreadable how many links nobody here can read, so that their sessions may live on; 1 for an entry of a
     *     whole realm that a provider's message caused, whose links nobody can list
     * @param isComplete whether all of it was looked at; false if it was not to go on
     */
    public record Finished(long ended, int unreadable, boolean isComplete) {
        static final Finished NOTHING = new Finished(0, 0, true);
    }
}
