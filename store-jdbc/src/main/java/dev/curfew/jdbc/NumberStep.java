package dev.curfew.jdbc;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives numbers to some rows that are committed and have none. Confined to one thread.
 *
 * <p>Whoever numbers holds the one lock row until its own commit, so that numbers become visible in their order. It
 * waits for nobody: what somebody else holds is left out. A writer that is still at work is neither seen nor waited
 * for.
 */
final class NumberStep {
    private static final String LOCK_ROW = "feed";

    private static final String NEWEST =
            "SELECT r.position FROM curfew_revocation r WHERE r.position IS NOT NULL ORDER BY r.position DESC LIMIT 1";

    private static final String NUMBER =
            "UPDATE curfew_revocation SET position = ?, proof = ?, numbered_at = ? WHERE seq = ? AND position IS NULL";

    private NumberStep() {}

    /** False if somebody else numbers, or the lock row is missing; then nothing was done. */
    static boolean number(Call call, List<Long> seqs, Instant now) throws SQLException {
        Optional<Long> last = State.tryLock(call, LOCK_ROW);
        if (last.isEmpty()) {
            return false;
        }
        List<Long> found = lock(call, seqs);
        if (!found.isEmpty()) {
            // In case that the lock row was lost and made anew.
            long newest;
            try (Parameters select = call.prepare(NEWEST)) {
                newest = select.first(row -> row.getLong(1)).orElse(0L);
            }
            State.write(call, LOCK_ROW, give(call, found, Math.max(last.get(), newest), now));
        }
        return true;
    }

    /** Makes the lock row, which the migration has made, if somebody has removed it; for a transaction of its own. */
    static boolean createLockRow(Call call) throws SQLException {
        State.create(call, LOCK_ROW, 0);
        return true;
    }

    static boolean hasLockRow(Call call) throws SQLException {
        return State.read(call, LOCK_ROW).isPresent();
    }

    private static List<Long> lock(Call call, List<Long> seqs) throws SQLException {
        List<Long> padded = FeedQuery.padded(seqs);
        try (Parameters select = call.prepare("SELECT r.seq FROM curfew_revocation r WHERE r.seq IN ("
                + Candidates.marks(padded.size())
                + ") AND r.position IS NULL AND r.is_open <> 1 ORDER BY r.seq FOR UPDATE SKIP LOCKED")) {
            for (long seq : padded) {
                select.number(seq);
            }
            return select.list(row -> row.getLong(1));
        }
    }

    /** The proof is new each time, so that a number that is given again after a loss of data is noticed. */
    private static long give(Call call, List<Long> seqs, long last, Instant now) throws SQLException {
        try (Parameters update = call.prepare(NUMBER)) {
            long position = last;
            for (long seq : seqs) {
                position++;
                update.number(position)
                        .number(ThreadLocalRandom.current().nextLong())
                        .instant(now)
                        .number(seq)
                        .addToBatch();
            }
            update.updateBatch();
            return position;
        }
    }
}
