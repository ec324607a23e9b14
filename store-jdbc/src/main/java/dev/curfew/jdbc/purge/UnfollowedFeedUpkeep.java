package dev.curfew.jdbc.purge;

import dev.curfew.jdbc.feed.FeedQuery;
import dev.curfew.jdbc.feed.FeedRow;
import dev.curfew.jdbc.feed.FeedUpkeep;
import dev.curfew.jdbc.table.OpenedDatabase;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The upkeep of a feed that nobody follows, where all checks ask the store: else no row would ever be numbered or
 * closed, and so none purged. Thread-safe; of two calls at once, one does nothing.
 *
 * <p>Like a follower it numbers and closes only what it has met before, so that those who follow the feed are first.
 */
final class UnfollowedFeedUpkeep {
    private static final int MOST_ROWS = 10_000;
    private static final int MOST_STEPS = 100;

    private final OpenedDatabase source;
    private final FeedUpkeep upkeep;
    private final AtomicBoolean isBusy = new AtomicBoolean();

    /** What the last call has met. Guarded by {@link #isBusy}. */
    private Set<Long> met = Set.of();

    UnfollowedFeedUpkeep(OpenedDatabase source) {
        this.source = source;
        this.upkeep = new FeedUpkeep(source);
    }

    private record Seen(List<Long> unnumbered, List<FeedRow> joined) {}

    /** Costs one read, and a transaction for each row that is closed and for a thousand that are numbered. */
    void run(Instant now) {
        if (isBusy.compareAndSet(false, true)) {
            try {
                upkeep(now);
            } finally {
                isBusy.set(false);
            }
        }
    }

    private void upkeep(Instant now) {
        Seen seen = source.database()
                .midway()
                .read(
                        "a purge",
                        connection -> connection.readingCommitted(reading -> {
                            FeedQuery query = new FeedQuery(reading);
                            var joined = query.askJoined();
                            query.send();
                            return new Seen(query.unnumbered(MOST_ROWS), joined.rows());
                        }));
        Set<Long> meets = new LinkedHashSet<>(seen.unnumbered());
        seen.joined().stream().filter(FeedRow::isClosed).map(FeedRow::seq).forEach(meets::add);
        List<Long> again = meets.stream().filter(met::contains).toList();
        AtomicInteger steps = new AtomicInteger();
        // What was open at the last call is closed now, by a clock that was read since.
        upkeep.run(again, now, () -> steps.incrementAndGet() <= MOST_STEPS);
        upkeep.remember(seen.joined());
        met = meets;
    }
}
