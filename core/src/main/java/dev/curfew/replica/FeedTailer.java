package dev.curfew.replica;

import dev.curfew.meter.TroubleLog;
import dev.curfew.session.CurfewException;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an index complete by following the feed of its store, on one thread of its own. Thread-safe.
 *
 * <p>It is in one of these states, and never ends by itself:
 *
 * <ul>
 *   <li><b>Loading.</b> It has no place in the feed, reads from the beginning, page after page, and adds what comes.
 *       Nothing is renewed. The page behind which nothing more stood leads to <i>following</i>.
 *   <li><b>Following.</b> It waits for a hint, a request or the poll period, whichever is first, and reads on from its
 *       place. A read behind which nothing more stood renews the freshness of the index, as of just before it was sent.
 *       A gap (the place is gone, because the store lost data or this node lagged for too long) leads to
 *       <i>loading</i>; nothing is dropped from the index then, and after the load this node records again what it
 *       remembers, verbatim, because it may be the only one that does.
 *   <li><b>Incomplete.</b> An entry could not be decoded, so something is missing. The index is not fresh until a load
 *       from the beginning finds everything readable; one is tried after 30 seconds, and then ever more rarely, down to
 *       every ten minutes.
 * </ul>
 *
 * <p>A birth that is newer than the one known is a gap as well: the store has lost a part, and has begun it anew. A
 * clock that was set back, to before the instant up to which this node has forgotten, leads from <i>following</i> to
 * <i>loading</i> too. Each read also brings the store's own horizon.
 *
 * <p>In every state a read that fails changes nothing but the pause before the next one, which doubles up to the poll
 * period or two seconds. During that pause, requests fail at once, so that a store that is down is asked by one thread,
 * now and then, and by no request. What a store left unrecorded, because it did not answer or lost what it had
 * acknowledged, is recorded after the next read that succeeds.
 */
final class FeedTailer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);
    private static final long CLOSE_MILLIS = 5_000;

    private enum State {
        LOADING,
        FOLLOWING,
        INCOMPLETE
    }

    private final FeedReader reader;
    private final FeedIntake intake;
    private final Freshness freshness;
    private final OwedRevocations owed;
    private final NodeTime time;
    private final ReloadSchedule reloads;
    private final BackOff backOff;
    private final Alarm alarm;
    private final HintListening hints;
    private final FeedMeters meters;
    private final TroubleLog unrecorded;
    private final CatchUps catchUps = new CatchUps();
    private final Thread thread = new Thread(this::run, "curfew-index");
    private final CountDownLatch loadedOnce = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicBoolean mustLoadAgain = new AtomicBoolean();

    /** Written by the thread alone. */
    private volatile State state = State.LOADING;

    /** Whether the first load failed in a way that no waiting mends. Written by the thread alone, before the latch. */
    private volatile boolean isBeyondWaiting;

    private volatile boolean isPausing;
    private boolean mustRemind;

    /** Follows a feed; the reader and the intake are this tailer's alone. */
    FeedTailer(
            SessionStore store,
            FeedReader reader,
            FeedIntake intake,
            Freshness freshness,
            OwedRevocations owed,
            NodeTime time,
            FeedMeters meters,
            Duration pollPeriod) {
        this.reader = reader;
        this.intake = intake;
        this.freshness = freshness;
        this.owed = owed;
        this.time = time;
        this.meters = meters;
        this.reloads = new ReloadSchedule(time);
        this.backOff = new BackOff(pollPeriod, time.ticker());
        this.alarm = new Alarm(pollPeriod.toNanos(), time.ticker());
        this.hints = new HintListening(store, alarm::hint, time);
        this.unrecorded = new TroubleLog(
                FeedTailer.class,
                "what this node remembers is not recorded yet",
                "what this node remembers is recorded",
                time.ticker());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /**
     * Whether the index holds, or held a moment ago, all that there is; else it cannot say that something is not in it.
     */
    boolean isFollowing() {
        return state == State.FOLLOWING;
    }

    /** Waits until all was read once; answers false if that took too long, or at once if no waiting helps. */
    boolean awaitLoaded(Duration patience) {
        try {
            return loadedOnce.await(patience.toNanos(), TimeUnit.NANOSECONDS) && !isBeyondWaiting;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
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
        if (isPausing || isClosed()) {
            return false;
        }
        CompletableFuture<Boolean> next = catchUps.next();
        alarm.hurry();
        return CatchUps.await(next, patience);
    }

    /**
     * Loads everything again, soon; never waits. For a check at an instant at which this node has forgotten something.
     */
    void loadAgain() {
        if (!mustLoadAgain.get() && !mustLoadAgain.getAndSet(true)) {
            alarm.hurry();
        }
    }

    FeedPosition position() {
        return reader.position();
    }

    Optional<Throwable> lastError() {
        return Optional.ofNullable(backOff.lastError());
    }

    FeedMeters meters() {
        return meters;
    }

    /** Ends the thread; a read that is under way is not interrupted, and waited for some seconds at most. */
    @Override
    public void close() {
        closing.countDown();
        alarm.hurry();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        hints.close();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    private void run() {
        while (!isClosed()) {
            hints.begin();
            catchUps.begin();
            boolean isCaughtUp = false;
            boolean hasFailed = false;
            try {
                isCaughtUp = readOn();
                backOff.worked();
            } catch (Throwable e) {
                // Whatever it is, the index has to be followed on; until it is, it goes stale and refuses.
                meters.failed();
                backOff.failed(e);
                giveUpLoading(e);
                hasFailed = true;
            }
            isPausing = hasFailed;
            alarm.readEnded();
            catchUps.end(isCaughtUp);
            boolean hasMoreToTell = !hasFailed && keepUp();
            pause(hasFailed, hasMoreToTell);
            isPausing = false;
        }
        catchUps.begin();
        catchUps.end(false);
        owed.tellTheRest(time.forgetting());
    }

    /** Whoever waits for the first load hears at once that somebody has to mend the store. */
    private void giveUpLoading(Throwable failure) {
        if (loadedOnce.getCount() > 0
                && Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                        .limit(10)
                        .anyMatch(cause -> cause instanceof CurfewException known && !known.isRetryable())) {
            isBeyondWaiting = true;
            loadedOnce.countDown();
        }
    }

    boolean isBeyondWaiting() {
        return isBeyondWaiting;
    }

    /** Reads until nothing more stands there; answers whether the index is complete. */
    private boolean readOn() {
        mustLoadAgain.set(false);
        if (state == State.INCOMPLETE && reloads.isDue()) {
            load();
        } else if (state == State.FOLLOWING && intake.isBeforeOwnHorizon()) {
            LOG.warn("the clock was set back, to before what this node has forgotten; everything is loaded again");
            load();
        }
        while (!isClosed()) {
            intake.beginRead();
            FeedReader.Reading last = reader.readOn(page -> intake.take(page, isFollowing()) && !isClosed());
            if (last != null) {
                return caughtUp(last.sentNanos(), last.sentMillis());
            }
            if (!isClosed()) {
                meters.gap();
                LOG.warn("the feed has a gap: the store lost data, or this node lagged; everything is loaded again");
                mustRemind = true;
                load();
            }
        }
        return false;
    }

    private void load() {
        reader.goToBeginning();
        intake.beginLoad();
        state = State.LOADING;
    }

    private boolean caughtUp(long sentNanos, long sentMillis) {
        boolean isComplete = intake.endRead(sentNanos);
        if (!isComplete) {
            becomeIncomplete();
        } else {
            if (state != State.FOLLOWING) {
                intake.endLoad();
                state = State.FOLLOWING;
            }
            reloads.end();
            freshness.renew(sentNanos, sentMillis);
        }
        loadedOnce.countDown();
        return isComplete;
    }

    private void becomeIncomplete() {
        freshness.expire();
        if (state != State.INCOMPLETE) {
            LOG.error("an entry of the feed cannot be decoded, so the index does not answer alone"
                    + " (does a newer version write to the same store?)");
            reloads.begin();
            state = State.INCOMPLETE;
        }
    }

    /**
     * What may fail without making the index any older, little at a time: the next read does not wait for it. Answers
     * whether the store is still to be told something.
     */
    private boolean keepUp() {
        boolean hasMoreToTell = false;
        try {
            Instant now = time.forgetting();
            intake.sweep(now);
            if (mustRemind && isFollowing()) {
                owed.remind(intake.remembered(now));
                mustRemind = false;
            }
            hasMoreToTell = owed.tellSome(now);
            unrecorded.worked();
        } catch (Throwable e) {
            unrecorded.failed(e);
        }
        try {
            reader.upkeep(() -> !alarm.isDue() && !isClosed());
        } catch (Throwable e) {
            LOG.debug("the feed is not kept up by this node for now: {}", e.toString());
        }
        return hasMoreToTell;
    }

    private void pause(boolean hasFailed, boolean hasMoreToTell) {
        try {
            if (hasFailed) {
                closing.await(backOff.pauseNanos(), TimeUnit.NANOSECONDS);
            } else if (!hasMoreToTell) {
                alarm.rest();
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread, and it must not end.
            LOG.warn("interrupted, and goes on");
        }
    }
}
