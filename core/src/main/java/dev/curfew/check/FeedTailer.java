package dev.curfew.check;

import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget.Kind;
import dev.curfew.session.SlowerClock;
import dev.curfew.store.FeedEntry;
import dev.curfew.store.FeedHints;
import dev.curfew.store.FeedPosition;
import dev.curfew.store.FeedRead;
import dev.curfew.store.SessionStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an index complete by following the feed of its store, on one thread of its own. Thread-safe.
 *
 * <p>It is in one of these states, and never ends by itself:
 *
 * <ul>
 *   <li><b>Loading.</b> It has no place in the feed, reads from the beginning, page after page, and adds what comes. Nothing is
 *       renewed. The page behind which nothing more stood leads to <i>following</i>.
 *   <li><b>Following.</b> It waits for a hint, a request or the poll period, whichever is first, and reads on from its place. A
 *       read behind which nothing more stood renews the freshness of the index, as of just before it was sent. A gap (the place
 *       is gone, because the store lost data or this node lagged for too long) leads to <i>loading</i>; nothing is dropped from the
 *       index then, and after the load this node records again what it remembers, verbatim, because it may be the
 *       only one that does.
 *   <li><b>Incomplete.</b> An entry could not be decoded, so something is missing. The index is not fresh until a load from the
 *       beginning finds everything readable; one is tried after 30 seconds, and then ever more rarely, down to every ten minutes.
 * </ul>
 *
 * <p>A clock that was set back, to before the instant up to which this node has forgotten, leads from <i>following</i> to <i>loading</i>
 * too. Each read also brings the store's own horizon.
 *
 * <p>In every state a read that fails changes nothing but the pause before the next one, which doubles up to the poll period or two seconds. During
 * that pause, requests fail at once, so that a store that is down is asked by one thread, now and then, and by no request.
 * What a store left unrecorded, because it did not answer or lost what it had acknowledged, is recorded after the next
 * read that succeeds.
 */
final class FeedTailer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeedTailer.class);
    private static final int PAGE = 10_000;
    private static final long FIRST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LONGEST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long CLOSE_MILLIS = 5_000;
    private static final Duration RELOAD_PERIOD = Duration.ofSeconds(30);
    private static final Duration MOST_RELOAD_PERIOD = Duration.ofMinutes(10);
    private static final Duration LISTEN_PERIOD = Duration.ofSeconds(30);
    private static final Duration PROGRESS_PERIOD = Duration.ofSeconds(5);

    /** What the feed answered, and when it was asked. */
    private record Reading(FeedRead answer, long sentNanos, long sentMillis) {}

    /** For the pages of a long load, of which there are few. */
    private static final Executor AHEAD = task -> {
        Thread reader = new Thread(task, "curfew-index-load");
        reader.setDaemon(true);
        reader.start();
    };

    private enum State {
        LOADING,
        FOLLOWING,
        INCOMPLETE
    }

    private final SessionStore store;
    private final RevocationIndex index;
    private final Freshness freshness;
    private final RecentRevocations recent;
    private final Clock clock;
    private final LongSupplier ticker;
    private final SlowerClock slower;
    private final ClockComparison clocks;
    private final Duration pollPeriod;
    private final CatchUps catchUps = new CatchUps();
    private final Semaphore wakes = new Semaphore(0);
    private final OwedRevocations owed;
    private final FeedMeters meters = new FeedMeters();
    private final Thread thread = new Thread(this::run, "curfew-index");
    private final CountDownLatch loadedOnce = new CountDownLatch(1);
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable AutoCloseable hints;

    /** Written by the thread alone. */
    private volatile State state = State.LOADING;

    private volatile FeedPosition position = FeedPosition.beginning();
    private final AtomicBoolean mustLoadAgain = new AtomicBoolean();
    private volatile boolean isPausing;
    private volatile boolean isClosed;
    private volatile @Nullable Throwable lastError;
    private int failures;
    private boolean mustRemind;
    private boolean hasMoreToTell;
    private Duration reloadPeriod = RELOAD_PERIOD;
    private long listenNanos;
    private boolean sawUndecodable;
    private long loaded;
    private long reloadNanos;
    private long progressNanos;

    FeedTailer(
            SessionStore store,
            RevocationIndex index,
            Freshness freshness,
            RecentRevocations recent,
            OwedRevocations owed,
            Clock clock,
            LongSupplier ticker,
            SlowerClock slower,
            ClockComparison clocks,
            Duration pollPeriod) {
        this.store = store;
        this.index = index;
        this.freshness = freshness;
        this.recent = recent;
        this.owed = owed;
        this.clock = clock;
        this.ticker = ticker;
        this.slower = slower;
        this.clocks = clocks;
        this.pollPeriod = pollPeriod;
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether the index holds, or held a moment ago, all that there is; else it cannot say that something is not in it. */
    boolean isFollowing() {
        return state == State.FOLLOWING;
    }

    /** Waits until all was read once; answers false if that took too long. */
    boolean awaitLoaded(Duration patience) {
        try {
            return loadedOnce.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Awaits the read that is under way, or one that it asks for, shared with all who wait; answers whether it caught up in time. */
    boolean catchUp(Duration patience) {
        CompletableFuture<Boolean> running = catchUps.running();
        return running == null ? catchUpFromNow(patience) : CatchUps.await(running, patience);
    }

    /** As {@link #catchUp}, with a read that is sent after this call. */
    boolean catchUpFromNow(Duration patience) {
        if (isPausing || isClosed) {
            return false;
        }
        CompletableFuture<Boolean> next = catchUps.next();
        wakes.release();
        return CatchUps.await(next, patience);
    }

    /** Loads everything again, soon; never waits. For a check at an instant at which this node has forgotten something. */
    void loadAgain() {
        if (!mustLoadAgain.get() && !mustLoadAgain.getAndSet(true)) {
            wakes.release();
        }
    }

    FeedPosition position() {
        return position;
    }

    Optional<Throwable> lastError() {
        return Optional.ofNullable(lastError);
    }

    FeedMeters meters() {
        return meters;
    }

    /** Ends the thread; a read that is under way is not interrupted, and waited for some seconds at most. */
    @Override
    public void close() {
        isClosed = true;
        closing.countDown();
        wakes.release();
        try {
            thread.join(CLOSE_MILLIS);
            AutoCloseable listening = hints;
            if (listening != null) {
                listening.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("the listening to hints does not end", e);
        }
    }

    private void run() {
        listenNanos = ticker.getAsLong();
        progressNanos = listenNanos;
        while (!isClosed) {
            listen();
            catchUps.begin();
            boolean isCaughtUp = false;
            Throwable error = null;
            try {
                isCaughtUp = readOn();
            } catch (Throwable e) {
                // Whatever it is, the index has to be followed on; until it is, it goes stale and refuses.
                error = e;
            }
            report(error);
            isPausing = error != null;
            catchUps.end(isCaughtUp);
            if (error == null) {
                upkeep();
            }
            pause();
            isPausing = false;
        }
        catchUps.begin();
        catchUps.end(false);
        owed.tellTheRest(slower.instant());
    }

    /** Hints only cut the delay, so that a store that cannot give them now is asked again later. */
    private void listen() {
        if (hints == null && store instanceof FeedHints hinting && ticker.getAsLong() - listenNanos >= 0) {
            try {
                hints = hinting.hints(wakes::release);
            } catch (RuntimeException e) {
                LOG.warn("no hints for now, polling goes on: {}", e.toString());
                listenNanos = ticker.getAsLong() + LISTEN_PERIOD.toNanos();
            }
        }
    }

    /** Reads until nothing more stands there; answers whether the index is complete. */
    private boolean readOn() {
        mustLoadAgain.set(false);
        if (state == State.INCOMPLETE && ticker.getAsLong() - reloadNanos >= 0) {
            load();
        } else if (state == State.FOLLOWING && index.horizon().isBeforeOwn(clock.millis())) {
            LOG.warn("the clock was set back, to before what this node has forgotten; everything is loaded again");
            load();
        }
        Reading reading = read(position);
        while (!isClosed) {
            if (reading.answer() instanceof FeedRead.Page page) {
                // The next page is on its way while this one is taken in.
                CompletableFuture<Reading> next =
                        page.isCaughtUp() ? null : CompletableFuture.supplyAsync(() -> read(page.next()), AHEAD);
                apply(page);
                if (next == null) {
                    return caughtUp(reading.sentNanos(), reading.sentMillis());
                }
                reading = join(next);
            } else {
                meters.gap();
                LOG.warn("the feed has a gap: the store lost data, or this node lagged; everything is loaded again");
                mustRemind = true;
                load();
                reading = read(position);
            }
        }
        return false;
    }

    private Reading read(FeedPosition from) {
        Instant sent = clock.instant();
        long sentNanos = ticker.getAsLong();
        FeedRead answer = store.feed().readAfter(from, PAGE, sent);
        if (answer instanceof FeedRead.Page page) {
            clocks.compare(sent, page.times().clock(), clock.instant());
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

    private void load() {
        position = FeedPosition.beginning();
        sawUndecodable = false;
        loaded = 0;
        state = State.LOADING;
        index.beginLoad();
    }

    private void apply(FeedRead.Page page) {
        Instant now = clock.instant();
        boolean isFollowing = state == State.FOLLOWING;
        List<Revocation> entries = new ArrayList<>(page.entries().size());
        for (FeedEntry entry : page.entries()) {
            if (entry instanceof FeedEntry.Revoked revoked) {
                entries.add(revoked.revocation());
            } else if (entry instanceof FeedEntry.Closed closed) {
                entries.add(closed.revocation());
            }
        }
        index.storeHorizon(page.times().horizon());
        owed.arrived(entries);
        for (Revocation entry : index.addAll(entries, slower.notAfter(now))) {
            remember(entry, isFollowing, now);
            if (isFollowing && entry.target().kind() != Kind.BIRTH) {
                meters.arrived(Duration.between(entry.revokedAt(), now));
            }
        }
        sawUndecodable |= page.undecodable() > 0;
        position = page.next();
        loaded += entries.size();
        reportProgress();
    }

    private void remember(Revocation entry, boolean isFollowing, Instant now) {
        if (entry.target().kind() != Kind.BIRTH) {
            if (isFollowing) {
                recent.add(entry);
            } else {
                recent.addIfRecent(entry, slower.notAfter(now));
            }
        }
    }

    private boolean caughtUp(long sentNanos, long sentMillis) {
        if (sawUndecodable) {
            becomeIncomplete();
        } else {
            if (state != State.FOLLOWING) {
                LOG.info("the index is complete: {} entries read, {} held", loaded, index.size());
                index.endLoad();
                state = State.FOLLOWING;
            }
            reloadPeriod = RELOAD_PERIOD;
            freshness.renew(sentNanos, sentMillis);
            owed.caughtUp(sentNanos);
        }
        loadedOnce.countDown();
        return !sawUndecodable;
    }

    private void becomeIncomplete() {
        freshness.expire();
        if (state != State.INCOMPLETE) {
            LOG.error("an entry of the feed cannot be decoded, so the index does not answer alone"
                    + " (does a newer version write to the same store?)");
            reloadNanos = ticker.getAsLong() + reloadPeriod.toNanos();
            Duration doubled = reloadPeriod.multipliedBy(2);
            reloadPeriod = doubled.compareTo(MOST_RELOAD_PERIOD) < 0 ? doubled : MOST_RELOAD_PERIOD;
            state = State.INCOMPLETE;
        }
    }

    /** What may fail without making the index any older. Little at a time: the next read does not wait for it. */
    private void upkeep() {
        hasMoreToTell = false;
        try {
            Instant now = slower.instant();
            if (owed.unconfirmed() == 0) {
                // What the store does not know either must not go.
                index.sweep(now);
            }
            if (mustRemind && state == State.FOLLOWING) {
                owed.remind(remembered(now));
                mustRemind = false;
            }
            hasMoreToTell = owed.tellSome(now);
        } catch (Throwable e) {
            LOG.warn("what this node remembers is not recorded yet: {}", e.toString());
        }
    }

    private List<Revocation> remembered(Instant now) {
        return Stream.concat(index.cutOffsAndKeys(), recent.all().stream())
                .filter(entry -> !entry.isForgotten(now))
                .toList();
    }

    private void report(@Nullable Throwable error) {
        if (error != null) {
            meters.failed();
        }
        if (error == null) {
            if (failures > 0) {
                LOG.info("the feed is read again, after {} failures", failures);
            }
            failures = 0;
        } else if (failures++ == 0) {
            LOG.warn("the feed cannot be read; checks are refused once the index is too old: {}", error.toString());
        } else {
            LOG.debug("the feed cannot be read ({} times): {}", failures, error.toString());
        }
        lastError = error;
    }

    private void pause() {
        try {
            if (failures > 0) {
                long nanos = Math.min(FIRST_PAUSE_NANOS << Math.min(failures - 1, 20), LONGEST_PAUSE_NANOS);
                closing.await(Math.min(nanos, pollPeriod.toNanos()), TimeUnit.NANOSECONDS);
            } else if (!hasMoreToTell && wakes.tryAcquire(pollPeriod.toNanos(), TimeUnit.NANOSECONDS)) {
                wakes.drainPermits();
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread, and it must not end.
            LOG.warn("interrupted, and goes on");
        }
    }

    private void reportProgress() {
        if (state == State.LOADING && ticker.getAsLong() - progressNanos > PROGRESS_PERIOD.toNanos()) {
            progressNanos = ticker.getAsLong();
            LOG.info("the index is being loaded: {} entries so far", loaded);
        }
    }
}
