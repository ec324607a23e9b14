package dev.curfew.watch;

import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.SessionRef;
import dev.curfew.store.FoundSession;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.work.WorkThread;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;

/**
 * Asks the store whether a session whose idle end has come was used elsewhere, before anybody is told that it is over.
 * Thread-safe.
 *
 * <p>One question at a time, on a thread of its own, and one for all watches of a session. While the store does not
 * answer, the watches stay as they are (that nobody can say is told by UNSURE) and are asked about again after some
 * seconds; one question fails then, and the others wait. What finds the queue full comes again after a second.
 * A row that is gone, or that cannot be read, is over: nobody could use that session any more.
 */
final class IdleEnds {
    private static final int QUEUE = 10_000;
    private static final long AGAIN_MILLIS = 5_000;

    /** The queue is full, though the store answers. */
    private static final long SOON_MILLIS = 1_000;

    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final SessionStore store;
    private final WatchRegistry registry;
    private final Clock clock;
    private final WorkThread thread = new WorkThread("curfew-watch-idle", QUEUE);
    private final TroubleLog unanswered = new TroubleLog(
            SessionWatches.class,
            "the idle end of watched sessions is not known",
            "the idle end of watched sessions is known again",
            System::nanoTime);

    /** By the clock of all instants here; nothing is asked before it. */
    private volatile long againMillis = Long.MIN_VALUE;

    IdleEnds(SessionStore store, WatchRegistry registry, Clock clock) {
        this.store = store;
        this.registry = registry;
        this.clock = clock;
    }

    /** Finds out about a watch whose idle end has come, and which is not due any more; never waits. */
    void ask(Watch watch, long nowMillis) {
        if (isPausing(nowMillis)) {
            later(watch, nowMillis);
            return;
        }
        try {
            thread.execute(() -> askOrComeAgain(watch));
        } catch (RejectedExecutionException e) {
            registry.due().put(watch, nowMillis + SOON_MILLIS);
        }
    }

    private void askOrComeAgain(Watch watch) {
        try {
            ask(watch);
        } catch (Throwable e) {
            // Whatever it is, the watch is to have its end.
            unanswered.failed(e);
            later(watch, clock.millis());
        }
    }

    private void ask(Watch watch) {
        SessionRef session = watch.idleSession();
        if (!watch.isOpen()) {
            return;
        }
        Instant now = clock.instant();
        long nowMillis = now.toEpochMilli();
        if (session == null || !watch.ends().isIdle(nowMillis)) {
            // Another watch of the session has asked meanwhile.
            registry.due().put(watch, watch.ends().nextMillis());
        } else if (isPausing(nowMillis)) {
            later(watch, nowMillis);
        } else {
            ask(watch, session, now);
        }
    }

    private void ask(Watch watch, SessionRef session, Instant now) {
        try {
            Optional<FoundSession> found = store.find(session, now);
            unanswered.worked();
            answered(session, found, now.toEpochMilli());
        } catch (StoreUnavailableException e) {
            unanswered.failed(e);
            againMillis = now.toEpochMilli() + AGAIN_MILLIS;
            later(watch, now.toEpochMilli());
        } catch (RuntimeException e) {
            unanswered.failed(e);
            tell(session, WatchNews.ENDED_BY_TIME);
        }
    }

    private void answered(SessionRef session, Optional<FoundSession> found, long nowMillis) {
        Revocation revocation = found.flatMap(FoundSession::endedBy).orElse(null);
        if (revocation != null) {
            tell(session, WatchNews.revoked(revocation.reason()));
            return;
        }
        Instant end = found.map(row -> row.session().endsByTime()).orElse(Instant.EPOCH);
        for (Watch watch : registry.find(session.key())) {
            if (watch.idleSession() != null) {
                watch.ends().seen(end);
                endOrWait(watch, nowMillis);
            }
        }
    }

    private void endOrWait(Watch watch, long nowMillis) {
        if (watch.ends().isIdle(nowMillis)) {
            watch.tell(WatchNews.ENDED_BY_TIME);
        } else {
            registry.due().put(watch, watch.ends().nextMillis());
        }
    }

    private void tell(SessionRef session, WatchNews news) {
        for (Watch watch : registry.find(session.key())) {
            if (watch.idleSession() != null) {
                watch.tell(news);
            }
        }
    }

    private void later(Watch watch, long nowMillis) {
        registry.due().put(watch, nowMillis + AGAIN_MILLIS);
    }

    private boolean isPausing(long nowMillis) {
        return nowMillis < againMillis && againMillis - nowMillis <= AGAIN_MILLIS;
    }

    void close() {
        thread.close(CLOSE);
    }
}
