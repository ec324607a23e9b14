package dev.curfew.metered;

import dev.curfew.metered.StoreMeters.Verb;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * A feed whose reads are timed and counted, also those of its followers. As safe with threads as the feed behind it.
 */
final class MeteredFeed implements RevocationFeed {
    private final RevocationFeed feed;
    private final StoreMeters meters;

    MeteredFeed(RevocationFeed feed, StoreMeters meters) {
        this.feed = feed;
        this.meters = meters;
    }

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        return meters.time(Verb.FEED, () -> feed.readAfter(position, limit, now));
    }

    @Override
    public RevocationFeed follower() {
        return new MeteredFeed(feed.follower(), meters);
    }

    /** Not counted: its failures harm nobody. */
    @Override
    public void upkeep(Instant now, BooleanSupplier goesOn) {
        feed.upkeep(now, goesOn);
    }
}
