package dev.curfew.watch;

import dev.curfew.meter.TroubleLog;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells watchers their news, on the host's executor or on a few threads of its own. Thread-safe.
 *
 * <p>A watch stands in the queue once, however much it has to tell; so the queue is no longer than there may be
 * watches, and nothing is lost for want of room in it.
 *
 * <p><b>Whoever finds out the news tells nobody.</b> It may be the thread of the feed, or a call's. So threads of ours
 * hand over to the host's executor, too: one that runs work on its caller, or that waits when it is full, keeps these.
 *
 * <p><b>Who hangs harms the others for half a minute at most.</b> A watcher that has not returned by then is closed,
 * and another thread takes the place of the one that it keeps: of up to sixty of them. If more hang than that, nobody
 * is told until one returns, which the log says and the meters show.
 *
 * <p><b>What the host's executor refuses</b> is told on a thread of ours all the same, and is the last thing that this
 * watch tells: its connection has to come again, when there may be room. What not even a thread of ours could be had
 * for is kept, and tried again with the next round.
 */
final class WatchDelivery {
    static final int THREADS = 4;
    static final int MOST_HANGING = 60;
    private static final Logger LOG = LoggerFactory.getLogger(SessionWatches.class);
    private static final long TOO_LONG_NANOS = Duration.ofSeconds(30).toNanos();
    private static final Duration CLOSE = Duration.ofSeconds(5);

    private final @Nullable Executor hosts;
    private final WatchMeters meters;
    private final ThreadPoolExecutor own;
    private final TroubleLog failing = new TroubleLog(
            SessionWatches.class, "a session watcher failed", "session watchers take news again", System::nanoTime);
    private final TroubleLog refusing = new TroubleLog(
            SessionWatches.class,
            "the host's executor refuses to tell session watchers, whose watches are closed",
            "the host's executor tells session watchers again",
            System::nanoTime);

    private final TroubleLog stuck = new TroubleLog(
            SessionWatches.class,
            "session watchers cannot be told yet",
            "session watchers are told again",
            System::nanoTime);

    /** What own threads are at; those that were found to hang are not among them. */
    private final Set<Turn> running = ConcurrentHashMap.newKeySet();

    /** What no thread could be had for. */
    private final Set<Watch> undelivered = ConcurrentHashMap.newKeySet();

    /** Guarded by this. */
    private int hanging;

    WatchDelivery(@Nullable Executor hosts, WatchMeters meters) {
        this(hosts, meters, WatchDelivery::daemon);
    }

    WatchDelivery(@Nullable Executor hosts, WatchMeters meters, ThreadFactory threads) {
        this.hosts = hosts;
        this.meters = meters;
        this.own = new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), threads);
        own.allowCoreThreadTimeOut(true);
    }

    /** Has its news told, never on the caller's thread; called once until the watch was found to have none. */
    void schedule(Watch watch) {
        meters.waits();
        Turn turn = null;
        try {
            turn = new Turn(watch);
            own.execute(turn::begin);
        } catch (RejectedExecutionException e) {
            LOG.debug("the service is closed, and a session watcher is not told any more");
        } catch (Throwable e) {
            // Above all that no thread could be made.
            if (turn == null || turn.isFirstToBegin()) {
                keep(watch, e);
            }
        }
    }

    private void keep(Watch watch, Throwable why) {
        meters.waitsNoMore();
        watch.notHandedOver();
        undelivered.add(watch);
        stuck.failed(why);
    }

    /** Hands over again what could not be; to be called now and then. */
    void handOverAgain() {
        if (undelivered.isEmpty()) {
            return;
        }
        for (Watch watch : List.copyOf(undelivered)) {
            undelivered.remove(watch);
            watch.handOverAgain();
            if (undelivered.contains(watch)) {
                // It fails still, and so would the others.
                return;
            }
        }
        stuck.worked();
    }

    /** One time that a watch tells what waits: once, though an executor both throws and runs. */
    private final class Turn implements Runnable {
        private final Watch watch;
        private final AtomicBoolean hasBegun = new AtomicBoolean();
        private final AtomicBoolean hasTold = new AtomicBoolean();

        /** Since when the thread is with the host, by {@link System#nanoTime}. */
        private volatile long sinceNanos;

        Turn(Watch watch) {
            this.watch = watch;
        }

        boolean isFirstToBegin() {
            return hasBegun.compareAndSet(false, true);
        }

        /** On a thread of ours. */
        void begin() {
            if (!isFirstToBegin()) {
                return;
            }
            sinceNanos = System.nanoTime();
            try {
                running.add(this);
            } catch (Throwable e) {
                keep(watch, e);
                return;
            }
            try {
                handOver();
            } finally {
                if (!running.remove(this)) {
                    hang(-1);
                }
            }
        }

        private void handOver() {
            if (hosts == null) {
                run();
                return;
            }
            try {
                hosts.execute(this);
                refusing.worked();
            } catch (Throwable e) {
                refusing.failed(e);
                if (!hasTold.get()) {
                    watch.tell(WatchNews.CLOSED);
                    run();
                }
            }
        }

        @Override
        public void run() {
            if (hasTold.compareAndSet(false, true)) {
                meters.waitsNoMore();
                for (WatchNews news = watch.take(); news != null; news = watch.take()) {
                    tell(news);
                }
            }
        }

        private void tell(WatchNews news) {
            sinceNanos = System.nanoTime();
            try {
                meters.told(news.kind());
                watch.watcher().onNews(news);
                failing.worked();
            } catch (Throwable e) {
                // Whatever it is, the others are to hear of theirs.
                failing.failed(e);
                LOG.debug("a session watcher failed", e);
            }
        }
    }

    /** Closes those that have not returned for too long, and puts other threads in their place. Looks at a few. */
    void lookAfterHanging(long nowNanos) {
        // A copy: what begins in a place that this makes began after the moment that it is judged by.
        List.copyOf(running).forEach(turn -> {
            if (nowNanos - turn.sinceNanos > TOO_LONG_NANOS && running.remove(turn)) {
                LOG.warn("a session watcher has not returned for 30 seconds, and its watch is closed");
                turn.watch.tell(WatchNews.CLOSED);
                hang(1);
            }
        });
    }

    private synchronized void hang(int more) {
        hanging += more;
        int threads = THREADS + Math.min(hanging, MOST_HANGING);
        // The bound first where it rises, and last where it falls.
        if (threads > own.getMaximumPoolSize()) {
            own.setMaximumPoolSize(threads);
            own.setCorePoolSize(threads);
        } else {
            own.setCorePoolSize(threads);
            own.setMaximumPoolSize(threads);
        }
        if (more > 0 && hanging > MOST_HANGING) {
            LOG.error("{} session watchers do not return, and no other is told until one does", hanging);
        }
    }

    /** Tells what waits, for five seconds at most, and ends its own threads. */
    void close() {
        handOverAgain();
        own.shutdown();
        try {
            if (!own.awaitTermination(CLOSE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn(
                        "session watchers that were not told at close: {}",
                        own.shutdownNow().size());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "curfew-watch-news");
        thread.setDaemon(true);
        return thread;
    }
}
