package dev.curfew.spring;

import dev.curfew.SessionService;
import dev.curfew.session.CurfewException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes now and then what has ended long enough ago. Has a thread of its own. */
final class PurgeTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PurgeTimer.class);

    private static final Duration LAST_ROUND = Duration.ofSeconds(5);

    private final SessionService sessions;
    private final int limit;
    private final ScheduledExecutorService thread;

    PurgeTimer(SessionService sessions, CurfewProperties.Purge settings) {
        if (settings.every().isNegative() || settings.limit() < 1) {
            throw CurfewStartException.property(
                    settings.limit() < 1 ? "curfew.purge.limit" : "curfew.purge.every",
                    settings.limit() < 1
                            ? String.valueOf(settings.limit())
                            : settings.every().toString(),
                    settings.limit() < 1 ? "a positive number of rows" : "a time such as 1h, or 0 for never");
        }
        this.sessions = sessions;
        this.limit = settings.limit();
        this.thread = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread made = new Thread(work, "curfew-purge");
            made.setDaemon(true);
            return made;
        });
        Duration every = settings.every();
        if (!every.isZero()) {
            // It ends with the thread: what goes wrong in it is logged there.
            var unused = thread.scheduleWithFixedDelay(
                    this::purge, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void purge() {
        try {
            boolean hasMore = true;
            while (hasMore && !thread.isShutdown()) {
                hasMore = sessions.purge(limit).hasMore();
            }
        } catch (CurfewException e) {
            LOG.warn("ended sessions were not removed, which is tried again: {}", e.getMessage());
        } catch (RuntimeException e) {
            // A timer that is thrown at never comes again.
            LOG.error("ended sessions were not removed, which is tried again", e);
        }
    }

    /** Without an interruption, which would close a database in this process. */
    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST_ROUND.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the last round of removing ended sessions still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
