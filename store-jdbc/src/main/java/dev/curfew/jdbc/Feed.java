package dev.curfew.jdbc;

import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreTimes;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The table of revocations as a feed, numbered by those who read it. Thread-safe.
 *
 * <p>A read is one plain statement, which answers the numbered rows behind a position and whether there are rows without a
 * number. Only then are those numbered, in a transaction of its own, and the read is repeated. So a position is given after the
 * commit of what it names, however long the writer took.
 */
final class Feed implements RevocationFeed {
    /** The place of the reader, what stands behind it, one row without a number if there is any, and the birth marker. */
    private static final String POLL = "(SELECT " + RevocationRow.COLUMNS
            + " FROM curfew_revocation r WHERE r.position >= ? ORDER BY r.position LIMIT ?) UNION ALL (SELECT "
            + RevocationRow.COLUMNS
            + " FROM curfew_revocation r WHERE r.position IS NULL ORDER BY r.seq LIMIT 1) UNION ALL SELECT "
            + RevocationRow.COLUMNS + " FROM curfew_revocation r WHERE r.id = ?";

    private final Database database;
    private final Supplier<StoreSettings> settings;

    Feed(Database database, Supplier<StoreSettings> settings) {
        this.database = database;
        this.settings = settings;
    }

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be positive");
        }
        StoreSettings opened = settings.get();
        if (position.marks().size() > 1) {
            return new FeedRead.Gap();
        }
        FeedPosition.Mark mark = position.marks().isEmpty()
                ? new FeedPosition.Mark(0, 0)
                : position.marks().get(0);
        Polled polled = poll(mark.number(), limit);
        boolean isComplete = true;
        if (!polled.hasBirth || polled.hasUnnumbered) {
            isComplete = database.write("the numbering of the feed", call -> {
                if (!polled.hasBirth) {
                    Births.create(call, opened, now);
                }
                return new NumberStep(call, opened, now).number();
            });
            return page(poll(mark.number(), limit), position, mark, limit, isComplete, now);
        }
        return page(polled, position, mark, limit, isComplete, now);
    }

    private Polled poll(long number, int limit) {
        return database.read("a read of the feed", call -> poll(call, number, limit));
    }

    private static Polled poll(Call call, long number, int limit) throws SQLException {
        try (Parameters select = call.prepare(POLL)) {
            List<RevocationRow> rows = select.number(number)
                    .number(limit + (number == 0 ? 1L : 2L))
                    .key(Births.ID)
                    .list(RevocationRow::read);
            return Polled.of(rows);
        }
    }

    /**
     * One page. What came after the first of two reads without a number was not there when the call began, and does not make
     * it incomplete.
     */
    private FeedRead page(
            Polled polled, FeedPosition position, FeedPosition.Mark mark, int limit, boolean isComplete, Instant now) {
        List<RevocationRow> rows = polled.numbered;
        if (mark.number() != 0) {
            if (rows.isEmpty()
                    || rows.get(0).position() != mark.number()
                    || rows.get(0).proof() != mark.hash()) {
                return new FeedRead.Gap();
            }
            rows = rows.subList(1, rows.size());
        }
        boolean isCaughtUp = isComplete && rows.size() <= limit;
        if (rows.size() > limit) {
            rows = rows.subList(0, limit);
        }
        List<FeedEntry> entries = new ArrayList<>();
        int undecodable = 0;
        for (RevocationRow row : rows) {
            if (row.isNotice()) {
                entries.add(new FeedEntry.Rotated(row.key()));
            } else if (row.revocation() == null) {
                undecodable++;
            } else {
                entries.add(new FeedEntry.Revoked(row.required()));
            }
        }
        FeedPosition next = rows.isEmpty()
                ? position
                : FeedPosition.at(
                        rows.get(rows.size() - 1).position(),
                        rows.get(rows.size() - 1).proof());
        return new FeedRead.Page(
                entries, next, isCaughtUp, undecodable, database.clock().at(now, polled.times));
    }

    private record Polled(
            List<RevocationRow> numbered, boolean hasUnnumbered, boolean hasBirth, Optional<StoreTimes> times) {
        /** The birth marker is asked for once more at the end; in the middle it is a row like any other. */
        static Polled of(List<RevocationRow> rows) {
            boolean hasBirth = !rows.isEmpty() && Births.is(rows.get(rows.size() - 1));
            int end = hasBirth ? rows.size() - 1 : rows.size();
            List<RevocationRow> numbered = new ArrayList<>();
            boolean hasUnnumbered = false;
            for (RevocationRow row : rows.subList(0, end)) {
                if (row.position() == 0) {
                    hasUnnumbered = true;
                } else {
                    numbered.add(row);
                }
            }
            return new Polled(numbered, hasUnnumbered, hasBirth, Births.timesIn(rows));
        }
    }
}
