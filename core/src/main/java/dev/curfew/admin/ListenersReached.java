package dev.curfew.admin;

import dev.curfew.event.EventPublisher;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until listeners have been told what happened so far, so that who does much at once does not fill their queue
 * and cost them the ends of sessions. Thread-safe.
 */
public final class ListenersReached {
    private static final Logger LOG = LoggerFactory.getLogger(ListenersReached.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final EventPublisher events;

    public ListenersReached(EventPublisher events) {
        this.events = events;
    }

    /** Waits for half a minute at most: what is lost on a listener that hangs is counted as ever. */
    public void await() {
        if (!events.isHeard()) {
            return;
        }
        CountDownLatch told = new CountDownLatch(1);
        if (!events.run(told::countDown)) {
            return;
        }
        try {
            if (!told.await(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("listeners are behind a bulk by more than {}: events may be lost, and are counted", PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
