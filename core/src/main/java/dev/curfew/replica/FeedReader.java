package dev.curfew.replica;

import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.RevocationFeed;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads a feed on from its place, a page at a time. Used by one thread; its place is read by any. */
final class FeedReader {
    private static final int PAGE = 10_000;

    /** What the feed answered, and when it was asked. */
    record Reading(FeedRead answer, long sentNanos, long sentMillis) {}

    /** For the pages of a long load, of which there are few. */
    private static final Executor AHEAD = task -> {
        Thread reader = new Thread(task, "curfew-index-load");
        reader.setDaemon(true);
        reader.start();
    };

    private final RevocationFeed feed;
    private final NodeTime time;
    private final ClockComparison clocks;
    private final FeedMeters meters;
    private volatile FeedPosition position = FeedPosition.beginning();

    FeedReader(RevocationFeed feed, NodeTime time, ClockComparison clocks, FeedMeters meters) {
        this.feed = feed.follower();
        this.time = time;
        this.clocks = clocks;
        this.meters = meters;
    }

    FeedPosition position() {
        return position;
    }

    FeedMeters meters() {
        return meters;
    }

    void goToBeginning() {
        position = FeedPosition.beginning();
    }

    /**
     * Reads pages until nothing more stands there or the place is gone, and moves the place behind each one that was
     * taken in. The next page is on its way while one is taken in.
     *
     * @param intake takes in a page; if it answers false, what was read is not to be believed
     * @return the last answer, a page behind which nothing more stood; or null if there is a gap, or the intake said so
     */
    @Nullable
    Reading readOn(Predicate<FeedRead.Page> intake) {
        Reading reading = read(position);
        while (reading.answer() instanceof FeedRead.Page page) {
            CompletableFuture<Reading> next =
                    page.isCaughtUp() ? null : CompletableFuture.supplyAsync(() -> read(page.next()), AHEAD);
            boolean isTakenIn = false;
            try {
                isTakenIn = intake.test(page);
            } finally {
                if (!isTakenIn) {
                    letEnd(next);
                }
            }
            if (!isTakenIn) {
                return null;
            }
            position = page.next();
            if (next == null) {
                return reading;
            }
            reading = join(next);
        }
        return null;
    }

    void upkeep(BooleanSupplier goesOn) {
        feed.upkeep(time.instant(), goesOn);
    }

    private Reading read(FeedPosition from) {
        Instant sent = time.instant();
        long sentNanos = time.nanos();
        FeedRead answer = feed.readAfter(from, PAGE, sent);
        if (answer instanceof FeedRead.Page page) {
            clocks.compare(sent, page.times().clock(), time.instant());
        }
        meters.read();
        return new Reading(answer, sentNanos, sent.toEpochMilli());
    }

    private static Reading join(CompletableFuture<Reading> next) {
        try {
            return next.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /**
     * A follower is used by one thread at a time, so that whoever comes next has to wait for a read that nobody needs
     * any more.
     */
    private static void letEnd(@Nullable CompletableFuture<Reading> next) {
        if (next != null) {
            next.exceptionally(failure -> null).join();
        }
    }
}
