package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Follows a feed as a node does, and keeps its place. Confined to one thread. */
final class FeedReader {
    private static final int DEFAULT_LIMIT = 500;
    private static final int TOO_MANY_PAGES = 100_000;

    /**
     * The second read proves what the first has met, and the third sees the places that were given then; but a reader
     * may leave it to others to give them, until some reads have shown that these do not.
     */
    private static final int ENOUGH_READS = 12;

    private final RevocationFeed feed;
    private final int limit;
    private FeedPosition position;

    private FeedReader(RevocationFeed feed, FeedPosition position, int limit) {
        this.feed = feed;
        this.position = position;
        this.limit = limit;
    }

    static FeedReader fromBeginning(RevocationFeed feed) {
        return new FeedReader(feed, FeedPosition.beginning(), DEFAULT_LIMIT);
    }

    /** As a node follows it: what it has read once it need not read again. */
    static FeedReader following(RevocationFeed feed) {
        return new FeedReader(feed.follower(), FeedPosition.beginning(), DEFAULT_LIMIT);
    }

    static FeedReader from(RevocationFeed feed, FeedPosition position) {
        return new FeedReader(feed, position, DEFAULT_LIMIT);
    }

    FeedReader readingAtMost(int newLimit) {
        return new FeedReader(feed, position, newLimit);
    }

    /** Reads on, and does what the feed needs between two reads, until each entry that stands there has its place. */
    FeedReader settled(Instant now) {
        readOn();
        for (int i = 0; i < ENOUGH_READS; i++) {
            feed.upkeep(now, () -> true);
            readOn();
        }
        return this;
    }

    FeedPosition position() {
        return position;
    }

    /** One read, which must not be a gap. */
    FeedRead.Page page() {
        FeedRead read = feed.readAfter(position, limit, Given.NOW);
        assertThat(read).isInstanceOf(FeedRead.Page.class);
        FeedRead.Page page = (FeedRead.Page) read;
        assertThat(page.entries().size()).isLessThanOrEqualTo(limit);
        assertThat(page.undecodable()).isZero();
        assertThat(page.isCaughtUp() || !page.next().equals(position))
                .as("the reader moves on until it is caught up")
                .isTrue();
        position = page.next();
        return page;
    }

    /** Everything up to where nothing more stood; a reader that is never caught up fails. */
    List<FeedEntry> readOn() {
        List<FeedEntry> entries = new ArrayList<>();
        for (int pages = 0; pages < TOO_MANY_PAGES; pages++) {
            FeedRead.Page page = page();
            entries.addAll(page.entries());
            if (page.isCaughtUp()) {
                return entries;
            }
        }
        throw new AssertionError("never caught up");
    }

    /** As {@link #readOn}, only the revocations, each once, without the births. */
    Set<Revocation> revocations() {
        return revocationsOf(readOn());
    }

    static Set<Revocation> revocationsOf(List<FeedEntry> entries) {
        Set<Revocation> revocations = new LinkedHashSet<>();
        for (FeedEntry entry : entries) {
            if (entry instanceof FeedEntry.Revoked revoked
                    && revoked.revocation().target().kind() != RevocationTarget.Kind.BIRTH) {
                revocations.add(revoked.revocation());
            }
        }
        return revocations;
    }
}
