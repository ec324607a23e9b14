package dev.curfew.replica;

import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the thread that follows the feed, and lets others wait for its reads. Thread-safe.
 *
 * <p>The thread never ends by itself. It reads on, as the {@link FeedFollower} says, does some upkeep, and waits for a
 * hint, a request or the poll period, whichever is first.
 *
 * <p>A read that fails changes nothing but the pause before the next one, which doubles up to the poll period or two
 * seconds. During that pause, requests fail at once, so that a store that is down is asked by one thread, now and then,
 * and by no request. What a store left unrecorded, because it did not answer or lost what it had acknowledged, is
 * recorded after the next read that succeeds.
 */
final class FeedTailer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);
    private static final long CLOSE_MILLIS = 5_000;

    private final FeedFollower follower;
    private final FeedUpkeep upkeep;
    private final HintListening hints;
    private final ReadTimer timer;
    private final BackOff backOff;
    private final CatchUps catchUps = new CatchUps();
    private final Thread thread = new Thread(this::run, "curfew-index");

    FeedTailer(FeedFollower follower, FeedUpkeep upkeep, HintListening hints, ReadTimer timer, BackOff backOff) {
        this.follower = follower;
        this.upkeep = upkeep;
        this.hints = hints;
        this.timer = timer;
        this.backOff = backOff;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!timer.isClosed()) {
            hints.begin();
            catchUps.begin();
            boolean isCaughtUp = read();
            timer.readEnded();
            catchUps.end(isCaughtUp);
            boolean hasMore = !backOff.isPausing() && upkeep.run(follower.isFollowing(), () -> !timer.isDue());
            rest(hasMore);
            backOff.pauseEnded();
        }
        catchUps.begin();
        catchUps.end(false);
        upkeep.end();
    }

    /** Answers whether the index is complete; if the read failed, a pause has begun. */
    private boolean read() {
        try {
            boolean isCaughtUp = follower.readOn(() -> !timer.isClosed());
            backOff.worked();
            return isCaughtUp;
        } catch (Throwable e) {
            // Whatever it is, the index has to be followed on; until it is, it goes stale and refuses.
            backOff.failed(e);
            follower.firstLoad().failed(e);
            return false;
        }
    }

    private void rest(boolean hasMore) {
        try {
            if (backOff.isPausing()) {
                timer.pause(backOff.pauseNanos());
            } else if (!hasMore || timer.isDue()) {
                // What is due is taken back by that, and begins at once.
                timer.rest();
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread, and it must not end.
            LOG.warn("interrupted, and goes on");
        }
    }

    /** Whether the index can say that something is not in it. */
    boolean isFollowing() {
        return follower.isFollowing();
    }

    Freshness freshness() {
        return follower.freshness();
    }

    /**
     * Waits until all was read once.
     *
     * @throws StoreUnavailableException if that took too long, or at once if no waiting helps
     */
    void requireLoaded(Duration patience) {
        follower.firstLoad().require(patience, backOff);
    }

    /**
     * Awaits the read that is under way, or one that it asks for, shared with all who wait; answers whether it caught
     * up in time.
     */
    boolean catchUp(Duration patience) {
        CompletableFuture<Boolean> running = catchUps.running();
        return running == null ? catchUpFromNow(patience) : CatchUps.await(running, patience);
    }

    /** As {@link #catchUp}, with a read that is sent after this call. */
    boolean catchUpFromNow(Duration patience) {
        if (backOff.isPausing() || timer.isClosed()) {
            return false;
        }
        CompletableFuture<Boolean> next = catchUps.next();
        timer.hurry();
        return CatchUps.await(next, patience);
    }

    /**
     * Has the next read begin soon, which loads everything again where this node has forgotten something by a clock
     * that was set back since; never waits.
     */
    void hurry() {
        timer.hurry();
    }

    Optional<Throwable> lastError() {
        return Optional.ofNullable(backOff.lastError());
    }

    /** {@return how many revocations the store has not confirmed, which this node goes on recording} */
    int unrecorded() {
        return upkeep.unrecorded();
    }

    /** Ends the thread; a read that is under way is not interrupted, and waited for some seconds at most. */
    @Override
    public void close() {
        timer.close();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hints.close();
    }
}
