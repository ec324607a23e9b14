package dev.curfew.examples.server;

import dev.curfew.SessionService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Frees memory now and then; what is expired or revoked is refused with or without it. Thread-safe. */
final class Purging implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Purging.class);
    private static final int MINUTES = 10;
    private static final int ROWS = 1_000;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Purging::daemon);
    private final ScheduledFuture<?> rounds;
    private final SessionService sessions;

    Purging(SessionService sessions) {
        this.sessions = sessions;
        this.rounds = thread.scheduleWithFixedDelay(this::purge, MINUTES, MINUTES, TimeUnit.MINUTES);
    }

    @Override
    public void close() {
        rounds.cancel(false);
        thread.shutdown();
    }

    private void purge() {
        try {
            while (sessions.purge(ROWS).hasMore()) {
                LOG.debug("purged {} rows, going on", ROWS);
            }
        } catch (RuntimeException e) {
            // An exception would end the schedule.
            LOG.warn("purge failed, the next one follows in {} minutes", MINUTES, e);
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "demo-purge");
        thread.setDaemon(true);
        return thread;
    }
}
