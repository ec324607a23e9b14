package dev.curfew.examples.sqlite;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreArguments;
import dev.curfew.store.StoreTimes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The table of revocations, read in the order of its numbers. Thread-safe.
 *
 * <p>It is complete because one transaction writes at a time: numbers become visible in the order in which they are
 * given. A database with parallel writers must see to it that no reader passes a number whose transaction is still
 * open.
 */
final class SqliteFeed implements RevocationFeed {
    private final Supplier<Database> opened;

    SqliteFeed(Supplier<Database> opened) {
        this.opened = opened;
    }

    /** A row: its mark, and what it says if that can be read. */
    private record Read(FeedPosition.Mark mark, Optional<FeedEntry> entry) {}

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        Objects.requireNonNull(position, "position");
        Objects.requireNonNull(now, "now");
        StoreArguments.requireLimit(limit);
        return opened.get().read("read the feed", transaction -> read(transaction, position, limit, now));
    }

    private static FeedRead read(Transaction transaction, FeedPosition position, int limit, Instant now) {
        List<FeedPosition.Mark> marks = position.marks();
        if (marks.size() > 1 || !marks.isEmpty() && !isStillThere(transaction, marks.get(0))) {
            return new FeedRead.Gap();
        }
        long after = marks.isEmpty() ? 0 : marks.get(0).number();
        List<Read> rows = transaction.list(
                "SELECT " + RevocationColumns.NAMES
                        + ", number, hash FROM feed WHERE number > ? ORDER BY number LIMIT ?",
                row -> {
                    FeedPosition.Mark mark = new FeedPosition.Mark(row.getLong(13), row.getLong(14));
                    if (row.getInt(1) == FeedTable.NOTICE) {
                        return new Read(mark, Optional.of(new FeedEntry.Rotated(Columns.requiredKey(row, 2))));
                    }
                    Optional<Revocation> entry = FeedTable.Numbered.of(row).entry();
                    return new Read(mark, entry.map(FeedEntry.Revoked::new));
                },
                after,
                limit + 1L);
        boolean isCaughtUp = rows.size() <= limit;
        List<Read> page = rows.subList(0, Math.min(limit, rows.size()));
        List<FeedEntry> entries = new ArrayList<>();
        page.forEach(row -> row.entry.ifPresent(entries::add));
        FeedPosition next = page.isEmpty() ? position : new FeedPosition(List.of(page.get(page.size() - 1).mark));
        return new FeedRead.Page(
                entries,
                next,
                isCaughtUp,
                page.size() - entries.size(),
                new StoreTimes(transaction.state().horizon(), now));
    }

    private static boolean isStillThere(Transaction transaction, FeedPosition.Mark mark) {
        return transaction.exists("SELECT 1 FROM feed WHERE number = ? AND hash = ?", mark.number(), mark.hash());
    }
}
