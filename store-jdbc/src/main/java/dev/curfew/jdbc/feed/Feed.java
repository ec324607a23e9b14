package dev.curfew.jdbc.feed;

import dev.curfew.jdbc.table.OpenedDatabase;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedPosition.Mark;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import dev.curfew.store.StoreArguments;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The table of revocations as a feed, for readers without memory. Thread-safe.
 *
 * <p>A read hands out the rows without a number by {@code seq} and then those behind the reader's place by number. It
 * takes no lock, writes nothing and is as fresh as its first statement. Rows without a number are handed out in each
 * read, until somebody numbers them; a {@link Follower} remembers which ones it has handed out.
 */
public final class Feed implements RevocationFeed {
    static final String READ = "a read of the feed";

    private final OpenedDatabase source;
    private final LongSupplier ticker;

    /** Tells a read that this process has begun from one that another process has begun. */
    private final long process = ThreadLocalRandom.current().nextLong();

    public Feed(OpenedDatabase source, LongSupplier ticker) {
        this.source = source;
        this.ticker = ticker;
    }

    @Override
    public RevocationFeed follower() {
        return new Follower(source, ticker);
    }

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        StoreArguments.requireLimit(limit);
        long nanos = ticker.getAsLong();
        Optional<FeedPlace> place = FeedPlace.of(position, process, nanos);
        if (place.isEmpty()) {
            return new FeedRead.Gap();
        }
        FeedPlace from = place.get();
        FeedPlace.Middle middle = from.middleOf(new Mark(process, nanos));
        return source.read(
                READ,
                now,
                connection -> connection.readingCommitted(
                        reading -> new FeedReading(reading, from, middle, limit).read(now)));
    }
}
