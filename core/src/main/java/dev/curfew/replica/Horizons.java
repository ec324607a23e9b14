package dev.curfew.replica;

import java.time.Instant;

/**
 * The {@link Horizon} of an index as it changes. Any number of readers without a lock; writers take turns.
 *
 * <p>It is raised before anything is dropped, and lowered after a load has brought everything again. So whoever reads
 * it, looks into the index, and then finds the same object here again, has looked into an index that misses nothing
 * from that horizon on.
 */
final class Horizons {
    private volatile Horizon horizon = Horizon.NONE;

    /** Of the writers: what the horizon would be if the index had been empty when the load began. */
    private long sinceLoad = Horizon.NONE.own();

    Horizon get() {
        return horizon;
    }

    /** What is forgotten at this instant is about to be dropped or left out. */
    void raise(Instant forgotten) {
        long millis = Horizon.millis(forgotten);
        sinceLoad = Math.max(sinceLoad, millis);
        if (millis > horizon.own()) {
            horizon = new Horizon(millis, horizon.stored());
        }
    }

    /** From now on everything that the store has is brought again. */
    void beginLoad() {
        sinceLoad = Horizon.NONE.own();
    }

    /** All that the store has is in the index, but for what was dropped or left out since the load began. */
    void endLoad() {
        horizon = new Horizon(sinceLoad, horizon.stored());
    }

    /** The store's own horizon: the newest one counts, also if it is earlier, since an administrator may reset it. */
    void stored(Instant ofStore) {
        long millis = Horizon.millis(ofStore);
        if (millis != horizon.stored()) {
            horizon = new Horizon(horizon.own(), millis);
        }
    }
}
