package dev.curfew.memory;

import dev.curfew.session.LookupKey;
import dev.curfew.store.StoredSession;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many of some rows live. Immutable.
 *
 * @param live how many
 * @param last the key behind which others stand, or nothing at the end
 */
record LiveCount(long live, @Nullable LookupKey last) {
    /** So many rows are looked at under the lock before others have their turn. */
    private static final int AT_ONCE = 10_000;

    /** Counts the rows behind a key, in the order of the keys. Under the lock of the store. */
    static LiveCount behind(@Nullable LookupKey after, Tables tables, Instant now) {
        long live = 0;
        int met = 0;
        for (StoredSession row : tables.sessions.behind(after)) {
            live += tables.isLive(row, now) ? 1 : 0;
            met++;
            if (met == AT_ONCE) {
                return new LiveCount(live, row.key());
            }
        }
        return new LiveCount(live, null);
    }
}
