package dev.curfew.watch;

import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationDecision.Outcome;
import dev.curfew.meter.TroubleLog;
import dev.curfew.replica.RevocationReplica;
import java.time.Clock;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that does for all watches what takes a walk or comes with time. Thread-safe.
 *
 * <p>Four times a second it looks at the clock, at the replica's freshness and at what was asked of it; while there is
 * no watch, and nothing to be told, it rests. A round costs nothing that grows with the number of watches, except in
 * these cases: a revocation of a client, a realm, a signing key or of all that is older than a store, for which the
 * index is asked about each watch, some hundred nanoseconds; the begin and the end of a time of doubt; a gap in the
 * feed.
 */
final class WatchThread {
    private static final long ROUND_NANOS = Duration.ofMillis(250).toNanos();
    private static final long CLOSE_MILLIS = 2_000;

    /** Those that are told of a renewal may ask the store each, so that not all are told at once. */
    private static final int RENEWALS_A_ROUND = 2_000;

    private static final int DUE_AT_ONCE = 1_000;
    private static final long AFTER_FAILURE_MILLIS = 1_000;

    private final RevocationReplica replica;
    private final WatchRegistry registry;
    private final WatchDelivery delivery;
    private final IdleEnds idleEnds;
    private final Clock clock;
    private final TroubleLog trouble = new TroubleLog(
            SessionWatches.class, "a round of session watches failed", "session watches go on", System::nanoTime);
    private final Thread thread = new Thread(this::run, "curfew-watches");
    private final AtomicBoolean isStarted = new AtomicBoolean();
    private final AtomicBoolean isReviewWanted = new AtomicBoolean();
    private final AtomicBoolean hasNewDoubts = new AtomicBoolean();
    private final AtomicBoolean hasMissedRenewals = new AtomicBoolean();
    private volatile boolean isClosed;
    private volatile boolean isResting;

    /** Whether the replica was fresh in the last round. */
    private volatile boolean isSure = true;

    /** Of the thread alone. */
    private @Nullable Iterator<Watch> renewing;

    /** Whether something went wrong in this round. Of the thread alone. */
    private boolean hasFailed;

    WatchThread(
            RevocationReplica replica, WatchRegistry registry, WatchDelivery delivery, IdleEnds idleEnds, Clock clock) {
        this.replica = replica;
        this.registry = registry;
        this.delivery = delivery;
        this.idleEnds = idleEnds;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** There is a watch that can be found by now, and from now on the thread runs. */
    void watched(Watch watch) {
        if (isStarted.compareAndSet(false, true)) {
            thread.start();
        }
        if (isResting) {
            wake();
        }
        if (!isSure) {
            doubt(watch);
        }
    }

    /** Nobody can say whether it is revoked. */
    void doubt(Watch watch) {
        registry.doubt(watch);
        hasNewDoubts.set(true);
        wake();
    }

    /** Something was recorded that may cover any watch. */
    void review() {
        isReviewWanted.set(true);
        wake();
    }

    /** Some renewal may have been missed. */
    void missed() {
        hasMissedRenewals.set(true);
        wake();
    }

    /** Ends the thread. */
    void close() {
        isClosed = true;
        wake();
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!isClosed) {
            hasFailed = false;
            try {
                round();
            } catch (Throwable e) {
                // Whatever it is, the next round is to come.
                failed(e);
            }
            if (!hasFailed) {
                trouble.worked();
            }
            rest();
        }
    }

    private void failed(Throwable why) {
        hasFailed = true;
        trouble.failed(why);
    }

    /** What is asked of the thread before it rests wakes it. */
    private void rest() {
        isResting = true;
        if (registry.isAtRest()) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, ROUND_NANOS);
        }
        isResting = false;
    }

    private void round() {
        // Before all else: what came with the read that made it fresh is seen then.
        boolean isFresh = replica.isFresh();
        delivery.handOverAgain();
        if (isReviewWanted.getAndSet(false)) {
            registry.forEach(this::review);
        }
        if (isFresh) {
            settleDoubts();
            tellMissedRenewals();
        } else {
            tellDoubts();
        }
        endByTime(clock.millis());
        delivery.lookAfterHanging(System.nanoTime());
    }

    /** One that cannot be judged hinders no other one; the next round judges them again. */
    private void review(Watch watch) {
        try {
            decide(watch);
        } catch (Throwable e) {
            isReviewWanted.set(true);
            failed(e);
        }
    }

    /** Ends it if it is revoked; answers the decision, or null if nobody can say. */
    @Nullable
    RevocationDecision decide(Watch watch) {
        RevocationDecision decision = replica.decideNow(watch.facts()).orElse(null);
        if (decision != null && decision.outcome() == Outcome.REVOKED) {
            watch.tell(WatchNews.revoked(decision));
        }
        return decision != null && decision.outcome() != Outcome.UNKNOWN ? decision : null;
    }

    private void tellDoubts() {
        boolean wasSure = isSure;
        boolean isNew = hasNewDoubts.getAndSet(false) || wasSure;
        try {
            isSure = false;
            if (wasSure) {
                registry.forEach(registry::doubt);
            }
            if (isNew) {
                registry.doubtful().forEach(watch -> watch.tell(WatchNews.UNSURE));
            }
        } catch (Throwable e) {
            // The next round does it all again.
            isSure = wasSure;
            hasNewDoubts.set(true);
            failed(e);
        }
    }

    private void settleDoubts() {
        isSure = true;
        for (Watch watch : registry.doubtful()) {
            if (decide(watch) == null) {
                watch.tell(WatchNews.UNSURE);
            } else {
                registry.doubtful().remove(watch);
                watch.tell(WatchNews.SURE);
            }
        }
    }

    private void tellMissedRenewals() {
        if (hasMissedRenewals.getAndSet(false)) {
            renewing = registry.iterator();
        }
        Iterator<Watch> rest = renewing;
        for (int i = 0; rest != null && i < RENEWALS_A_ROUND; i++) {
            if (!rest.hasNext()) {
                renewing = null;
                return;
            }
            Watch watch = rest.next();
            if (watch.facts().sessionKey() != null) {
                watch.tell(WatchNews.RENEWED);
            }
        }
    }

    private void endByTime(long nowMillis) {
        List<Watch> due;
        do {
            due = registry.due().take(nowMillis, DUE_AT_ONCE);
            due.forEach(watch -> endOrComeAgain(watch, nowMillis));
        } while (due.size() == DUE_AT_ONCE);
    }

    private void endOrComeAgain(Watch watch, long nowMillis) {
        try {
            endByTime(watch, nowMillis);
        } catch (Throwable e) {
            failed(e);
            registry.due().put(watch, nowMillis + AFTER_FAILURE_MILLIS);
        }
    }

    private void endByTime(Watch watch, long nowMillis) {
        if (watch.ends().isAbsolutelyOver(nowMillis)) {
            watch.tell(WatchNews.ENDED_BY_TIME);
        } else if (watch.ends().isIdle(nowMillis)) {
            idleEnds.ask(watch, nowMillis);
        } else {
            registry.due().put(watch, watch.ends().nextMillis());
        }
    }
}
