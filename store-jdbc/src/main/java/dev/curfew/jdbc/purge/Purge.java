package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.feed.FeedSource;
import dev.curfew.jdbc.sql.Database;
import dev.curfew.jdbc.sql.Parameters;
import dev.curfew.jdbc.table.SharedNumbers;
import dev.curfew.session.LookupKey;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.ExpiredSession;
import dev.curfew.store.PurgeResult;
import dev.curfew.store.StoreSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has ended long enough ago, batch by batch, each in a transaction of its own. Thread-safe.
 *
 * <p>What time ended is found by an index. What a revocation ended or superseded is found on a walk through the keys,
 * of which each purge goes a part and the next one, on whatever node, goes on.
 */
public final class Purge {
    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);
    private static final int BATCH = 500;
    private static final int LEAST_EXAMINED = 1_000;
    private static final int MOST_EXAMINED = 10_000;
    private static final String SESSIONS = "purged_sessions";
    private static final String TARGETS = "purged_targets";
    private static final String SUBJECTS = "purged_subjects";

    /** Below every key of the walk. */
    private static final LookupKey START = new LookupKey(0, 0);

    /** A batch of a walk. */
    private interface Walk {
        PurgeStep.Batch go(PurgeStep step, LookupKey after, int examine) throws SQLException;
    }

    private final Database database;
    private final UnfollowedFeedUpkeep upkeep;

    public Purge(FeedSource source) {
        this.database = source.database();
        this.upkeep = new UnfollowedFeedUpkeep(source);
    }

    public PurgeResult purge(StoreSettings settings, Instant now, int limit) {
        long begin = System.nanoTime();
        LookupKey firstPlace = startIfClocksAgree(settings, now);
        upkeep.run(now);
        Instant end = now.minus(settings.endedSessionsKept());
        List<ExpiredSession> expired = new ArrayList<>();
        int sessions = 0;
        for (int last = BATCH; last == BATCH && sessions < limit; sessions += last) {
            PurgeStep.Batch batch = step(now, limit - sessions, step -> step.sessionsEndedBy(end));
            last = batch.rows();
            expired.addAll(batch.expired());
        }
        PurgeStep.Batch revoked = walk(
                SESSIONS,
                now,
                limit,
                limit - sessions,
                firstPlace,
                (step, after, examine) -> step.sessionsRevokedBy(end, after, examine));
        sessions += revoked.rows();
        expired.addAll(revoked.expired());
        int rows = sessions;
        int revocations = 0;
        for (int last = BATCH; last == BATCH && rows < limit; rows += last) {
            PurgeStep.Batch batch = step(now, limit - rows, PurgeStep::forgotten);
            last = batch.rows();
            revocations += batch.revocations();
        }
        PurgeStep.Batch superseded = walk(TARGETS, now, limit, limit - rows, start(TARGETS), PurgeStep::superseded);
        rows += superseded.rows();
        revocations += superseded.revocations();
        walk(SUBJECTS, now, limit, limit, start(SUBJECTS), PurgeStep::lockRows);
        if (rows > 0) {
            LOG.info(
                    "purged {} sessions and {} revocations in {} ms",
                    sessions,
                    revocations,
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
        }
        return new PurgeResult(sessions, revocations, rows >= limit, expired);
    }

    /** One part of a walk; at the end of the keys the next one begins anew. */
    private PurgeStep.Batch walk(String name, Instant now, int limit, int left, LookupKey from, Walk walk) {
        int toExamine = Math.min(MOST_EXAMINED, Math.max(LEAST_EXAMINED, limit));
        int rows = 0;
        int revocations = 0;
        List<ExpiredSession> expired = new ArrayList<>();
        LookupKey place = from;
        for (int examined = 0; examined < toExamine && rows < left; ) {
            LookupKey after = place;
            PurgeStep.Batch batch = step(now, left - rows, step -> walk.go(step, after, BATCH));
            rows += batch.rows();
            revocations += batch.revocations();
            expired.addAll(batch.expired());
            examined += batch.examined();
            place = batch.last();
            if (batch.examined() < BATCH) {
                place = START;
                break;
            }
        }
        if (left > 0) {
            keep(name, place);
        }
        return new PurgeStep.Batch(rows, revocations, 0, place, expired);
    }

    private interface Single {
        PurgeStep.Batch go(PurgeStep step) throws SQLException;
    }

    private PurgeStep.Batch step(Instant now, int left, Single single) {
        return database.write(
                "a purge", connection -> single.go(new PurgeStep(connection, now, Math.min(BATCH, left))));
    }

    /**
     * Where the first walk begins. It is asked for together with the server's clock, before anything is removed: if the
     * clocks differ, one of them is wrong, and what it removes may be what the other one still needs.
     */
    private LookupKey startIfClocksAgree(StoreSettings settings, Instant now) {
        Begin begin = database.read("a purge", connection -> {
            try (Parameters select =
                    connection.prepare("SELECT {clock}, (SELECT amount FROM curfew_state WHERE name = ?)")) {
                return select.text(SESSIONS)
                        .first(row -> new Begin(Parameters.instantOf(row, 1), new LookupKey(row.getLong(2), 0)))
                        .orElseThrow();
            }
        });
        Duration difference = Duration.between(database.clock().at(now, begin.clock), now);
        if (difference.abs().compareTo(settings.nodeSkew()) > 0) {
            throw new ClocksDifferException(difference, settings.nodeSkew());
        }
        return begin.place;
    }

    private record Begin(Instant clock, LookupKey place) {}

    /** Only half of the key is kept, which is exact enough: a few rows are looked at twice. */
    private LookupKey start(String name) {
        return database.read("a purge", connection -> SharedNumbers.read(connection, name))
                .map(high -> new LookupKey(high, 0))
                .orElse(START);
    }

    private void keep(String name, LookupKey place) {
        database.write("a purge", connection -> {
            SharedNumbers.create(connection, name, 0);
            SharedNumbers.write(connection, name, place.high());
            return true;
        });
    }
}
