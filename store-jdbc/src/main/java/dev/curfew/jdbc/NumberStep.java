package dev.curfew.jdbc;

import dev.curfew.session.LookupKey;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives positions to rows that are committed and have none. Confined to one thread.
 *
 * <p>Whoever numbers holds the one lock row until its own commit, so that positions become visible in their order. The rows
 * themselves are read without locking them: a writer that is still at work is neither seen nor waited for.
 */
final class NumberStep {
    private static final int AT_ONCE = 1_000;
    private static final int MOST = 20_000;
    private static final String LOCK_ROW = "feed";

    private static final String UNNUMBERED = "SELECT " + RevocationRow.COLUMNS
            + " FROM curfew_revocation r WHERE r.position IS NULL ORDER BY r.seq LIMIT ?";

    private final Call call;
    private final StoreSettings settings;
    private final Instant now;

    NumberStep(Call call, StoreSettings settings, Instant now) {
        this.call = call;
        this.settings = settings;
        this.now = now;
    }

    /** True if nothing was left without a number. */
    boolean number() throws SQLException {
        long last = Math.max(lock(), newest());
        boolean isComplete = false;
        for (int numbered = 0; numbered < MOST && !isComplete; numbered += AT_ONCE) {
            List<RevocationRow> rows;
            try (Parameters select = call.prepare(UNNUMBERED)) {
                rows = select.number(AT_ONCE).list(RevocationRow::read);
            }
            List<LookupKey> ids = new ArrayList<>();
            for (RevocationRow row : rows) {
                ids.add(row.id());
                if (row.isOpen()) {
                    new CloseStep(call, settings, now).close(row.id());
                }
            }
            last = give(ids, last);
            isComplete = rows.size() < AT_ONCE;
        }
        State.write(call, LOCK_ROW, last);
        return isComplete;
    }

    private long lock() throws SQLException {
        Optional<Long> last = State.lock(call, LOCK_ROW);
        if (last.isEmpty()) {
            State.create(call, LOCK_ROW, 0);
            last = State.lock(call, LOCK_ROW);
        }
        return last.orElse(0L);
    }

    /** In case that the lock row was lost and made anew. */
    private long newest() throws SQLException {
        try (Parameters select = call.prepare("SELECT r.position FROM curfew_revocation r"
                + " WHERE r.position IS NOT NULL ORDER BY r.position DESC LIMIT 1")) {
            return select.first(row -> row.getLong(1)).orElse(0L);
        }
    }

    /** The proof is new each time, so that a number that is given again after a loss of data is noticed. */
    private long give(List<LookupKey> ids, long last) throws SQLException {
        if (ids.isEmpty()) {
            return last;
        }
        try (Parameters update = call.prepare(
                "UPDATE curfew_revocation SET position = ?, proof = ?, numbered_at = ? WHERE id = ? AND position IS NULL")) {
            long position = last;
            for (LookupKey id : ids) {
                position++;
                update.number(position)
                        .number(ThreadLocalRandom.current().nextLong())
                        .instant(now)
                        .key(id)
                        .addToBatch();
            }
            update.updateBatch();
            return position;
        }
    }
}
