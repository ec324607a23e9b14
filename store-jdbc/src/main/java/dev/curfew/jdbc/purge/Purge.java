package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.sql.Columns;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.SqlConnection;
import dev.curfew.jdbc.sql.SqlStatement;
import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has ended long enough ago, batch by batch, each in a transaction of its own. Thread-safe.
 *
 * <p>What time ended is found by an index. What a revocation ended or superseded is found on a walk through the keys.
 */
public final class Purge {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final String SESSIONS = "purged_sessions";
    private static final String TARGETS = "purged_targets";
    private static final String SUBJECTS = "purged_subjects";

    /** Removes the next rows that an index finds. */
    private interface Step {
        PurgeBatch run(SqlConnection connection, int limit) throws SQLException;
    }

    private final OpenedDatabase opened;
    private final Database database;
    private final UnfollowedFeedUpkeep upkeep;

    public Purge(OpenedDatabase opened) {
        this.opened = opened;
        this.database = opened.database().midway();
        this.upkeep = new UnfollowedFeedUpkeep(opened);
    }

    /** Removes so many rows at most; lock rows do not count. */
    public PurgeResult purge(Instant now, int limit) {
        long begin = System.nanoTime();
        LookupKey firstPlace = startIfClocksAgree(now);
        upkeep(now);
        Instant end = now.minus(opened.settings().endedSessionsKept());
        PurgeTally tally = new PurgeTally(limit);
        repeat(
                (connection, most) -> new SessionPurge(connection, now, end, most).endedByTime(),
                tally,
                tally::addSessions);
        walk(
                        SESSIONS,
                        (connection, after, most) ->
                                new SessionPurge(connection, now, end, most).endedByRevocation(after))
                .go(firstPlace, limit, tally.left(), tally::addSessions);
        repeat(
                (connection, most) -> new RevocationPurge(connection, now, most).forgotten(),
                tally,
                tally::addRevocations);
        repeat((connection, most) -> RecordPurge.remove(connection, now, most), tally, tally::addRecords);
        walk(TARGETS, (connection, after, most) -> new RevocationPurge(connection, now, most).superseded(after))
                .go(limit, tally.left(), tally::addRevocations);
        walk(SUBJECTS, (connection, after, most) -> SubjectLockPurge.remove(connection, after))
                .go(limit, limit, locks -> {});
        report(tally, Duration.ofNanos(System.nanoTime() - begin));
        return tally.result();
    }

    /** A row that keeps others from being numbered keeps these few from going, and no session. */
    private void upkeep(Instant now) {
        try {
            upkeep.run(now);
        } catch (StoreUnavailableException e) {
            LOG.warn("a purge goes on, and removes no revocation that has no number yet: {}", e.getMessage());
        }
    }

    private static void report(PurgeTally tally, Duration taken) {
        if (!tally.isEmpty()) {
            PurgeResult result = tally.result();
            LOG.info(
                    "purged {} sessions, {} revocations and {} records in {} ms",
                    result.sessions(),
                    result.revocations(),
                    tally.records(),
                    taken.toMillis());
        }
    }

    /** As long as there are full batches. */
    private void repeat(Step step, PurgeTally tally, Consumer<PurgeBatch> add) {
        boolean isFull = true;
        while (isFull && tally.left() > 0) {
            int most = Math.min(PurgeBatch.SIZE, tally.left());
            PurgeBatch batch = database.write("a purge", connection -> step.run(connection, most));
            add.accept(batch);
            isFull = batch.rows() == PurgeBatch.SIZE;
        }
    }

    private PurgeWalk walk(String name, PurgeWalk.Step step) {
        return new PurgeWalk(database, name, step);
    }

    /**
     * Where the first walk begins. It is asked for together with the server's clock, before anything is removed: if the
     * clocks differ, one of them is wrong, and what it removes may be what the other one still needs.
     */
    private LookupKey startIfClocksAgree(Instant now) {
        Begin begin = opened.database().read("a purge", connection -> {
            try (SqlStatement select =
                    connection.prepare("SELECT {clock}, (SELECT amount FROM curfew_state WHERE name = ?)")) {
                return select.text(SESSIONS)
                        .first(row -> new Begin(Columns.instantOf(row, 1), new LookupKey(row.getLong(2), 0)))
                        .orElseThrow();
            }
        });
        StoreSettings settings = opened.settings();
        Duration difference = Duration.between(database.clock().at(now, begin.clock), now);
        if (difference.abs().compareTo(settings.nodeSkew()) > 0) {
            throw new ClocksDifferException(difference, settings.nodeSkew());
        }
        return begin.place;
    }

    private record Begin(Instant clock, LookupKey place) {}
}
