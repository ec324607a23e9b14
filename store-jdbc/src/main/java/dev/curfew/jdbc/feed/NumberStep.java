package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.SharedNumbers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Gives numbers to some rows that are committed and have none. Confined to one thread.
 *
 * <p>Whoever numbers holds the one lock row until its own commit, so that numbers become visible in their order. It
 * waits for nobody: rows that somebody else holds are left out. A writer that has not committed is neither seen nor
 * waited for.
 */
public final class NumberStep {
    private static final String LOCK_ROW = "feed";

    private static final String NEWEST =
            "SELECT r.position FROM curfew_revocation r WHERE r.position IS NOT NULL ORDER BY r.position DESC LIMIT 1";

    private static final String NUMBER =
            "UPDATE curfew_revocation SET position = ?, proof = ?, numbered_at = ? WHERE seq = ? AND position IS NULL";

    private NumberStep() {}

    /** How many got one; nothing if somebody else numbers, or the lock row is missing: then nothing was done. */
    public static OptionalInt number(SqlConnection connection, List<Long> seqs, Instant now) throws SQLException {
        Optional<Long> last = SharedNumbers.tryLock(connection, LOCK_ROW);
        if (last.isEmpty()) {
            return OptionalInt.empty();
        }
        List<Long> found = lock(connection, seqs);
        if (!found.isEmpty()) {
            // In case the lock row was lost and made anew.
            long newest;
            try (SqlStatement select = connection.prepare(NEWEST)) {
                newest = select.firstNumber().orElse(0L);
            }
            SharedNumbers.write(connection, LOCK_ROW, give(connection, found, Math.max(last.get(), newest), now));
        }
        return OptionalInt.of(found.size());
    }

    /** Makes the lock row of the migration anew if somebody has removed it, in a transaction of its own. */
    static void createLockRow(SqlConnection connection) throws SQLException {
        SharedNumbers.create(connection, LOCK_ROW, 0);
    }

    static boolean hasLockRow(SqlConnection connection) throws SQLException {
        return SharedNumbers.read(connection, LOCK_ROW).isPresent();
    }

    private static List<Long> lock(SqlConnection connection, List<Long> seqs) throws SQLException {
        List<Long> padded = FeedQuery.padded(seqs);
        try (SqlStatement select = connection.prepare("SELECT r.seq FROM curfew_revocation r WHERE r.seq IN ("
                + SqlStatement.marks(padded.size())
                + ") AND r.position IS NULL AND r.is_open <> 1 ORDER BY r.seq FOR UPDATE SKIP LOCKED")) {
            return select.numbers(padded).listNumbers();
        }
    }

    /** The proof is new each time, so that a number that is given again after a loss of data is noticed. */
    private static long give(SqlConnection connection, List<Long> seqs, long last, Instant now) throws SQLException {
        try (SqlStatement update = connection.prepare(NUMBER)) {
            long position = last;
            for (long seq : seqs) {
                position++;
                update.number(position)
                        .number(ThreadLocalRandom.current().nextLong())
                        .instant(now)
                        .number(seq)
                        .addToBatch();
            }
            update.executeBatch();
            return position;
        }
    }
}
