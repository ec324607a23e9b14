package dev.curfew.event;

import dev.curfew.meter.TroubleLog;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener behind a guard, so that nothing that it throws reaches anybody but the log. As thread-safe as the
 * listener.
 */
final class ToldListener {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);

    private final SessionEventListener listener;
    private final boolean hearsReceived;
    private final boolean hasOwnQueue;
    private final TroubleLog failing;

    ToldListener(SessionEventListener listener) {
        this.listener = Objects.requireNonNull(listener, "listener");
        this.hearsReceived = listener.hearsReceived();
        this.hasOwnQueue = listener.hasOwnQueue();
        String name = listener.getClass().getName();
        this.failing = new TroubleLog(
                EventPublisher.class,
                "listener " + name + " failed",
                "listener " + name + " takes events again",
                System::nanoTime);
    }

    boolean hearsReceived() {
        return hearsReceived;
    }

    boolean hasOwnQueue() {
        return hasOwnQueue;
    }

    void tell(Consumer<SessionEventListener> telling) {
        try {
            telling.accept(listener);
            failing.worked();
        } catch (Throwable e) {
            // Whatever it is, what happened has happened, and the other listeners are to hear of it.
            failing.failed(e);
            LOG.debug("a listener failed", e);
        }
    }
}
