package dev.curfew;

import dev.curfew.revocation.Revocation;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The feed as deliveries read it. Used by one thread.
 *
 * <p>Whoever does the upkeep closes what the transactions of hosts have left open, and has to tell of it. Where this
 * node has a replica, that does both; else nobody would, so that it is done here.
 */
final class OutboxReader implements RevocationFeed {
    private final RevocationFeed follower;
    private final boolean isOnlyReader;
    private final Consumer<List<Revocation>> closedHere;

    OutboxReader(RevocationFeed follower, boolean isOnlyReader, Consumer<List<Revocation>> closedHere) {
        this.follower = follower;
        this.isOnlyReader = isOnlyReader;
        this.closedHere = closedHere;
    }

    @Override
    public FeedRead readAfter(FeedPosition position, int limit, Instant now) {
        FeedRead read = follower.readAfter(position, limit, now);
        if (isOnlyReader && read instanceof FeedRead.Page page) {
            List<Revocation> closed = page.entries().stream()
                    .filter(entry -> entry instanceof FeedEntry.Closed one && one.closedHere())
                    .map(entry -> ((FeedEntry.Closed) entry).revocation())
                    .toList();
            if (!closed.isEmpty()) {
                closedHere.accept(closed);
            }
        }
        return read;
    }

    @Override
    public void upkeep(Instant now, BooleanSupplier goesOn) {
        if (isOnlyReader) {
            follower.upkeep(now, goesOn);
        }
    }
}
