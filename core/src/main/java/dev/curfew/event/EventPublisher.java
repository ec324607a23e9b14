package dev.curfew.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners so that no listener can break or slow what happened. Thread-safe.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int QUEUE = 10_000;
    private static final int CLOSE_SECONDS = 5;

    private final List<SessionEventListener> listeners;
    private final Executor executor;
    private final AtomicLong lost = new AtomicLong();
    private final EventMeters meters = new EventMeters();

    private EventPublisher(List<SessionEventListener> listeners, Executor executor) {
        this.listeners = List.copyOf(listeners);
        this.executor = Objects.requireNonNull(executor, "executor");
    }

    /**
     * Publishes on a daemon thread of its own, in order. Up to 10,000 events wait, half of the places for what
     * changed something; what comes on top is lost and counted.
     *
     * @param listeners whom to tell
     * @return the publisher
     */
    public static EventPublisher onOwnThread(List<SessionEventListener> listeners) {
        ThreadPoolExecutor thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(QUEUE), EventPublisher::daemon);
        thread.allowCoreThreadTimeOut(true);
        return new EventPublisher(listeners, thread);
    }

    /**
     * Publishes on the host's executor.
     *
     * @param listeners whom to tell
     * @param executor for example {@code Runnable::run} in tests; the order is whatever it keeps
     * @return the publisher
     */
    public static EventPublisher on(List<SessionEventListener> listeners, Executor executor) {
        return new EventPublisher(listeners, executor);
    }

    /**
     * Publishes an event with the {@link RequestContext} of the calling thread; returns before the listeners have seen it, and
     * never throws.
     *
     * @param event what happened
     * @return false if it is lost
     */
    public boolean publish(SessionEvent event) {
        meters.count(event);
        if (Frequent.is(event) && isBusy()) {
            lost.incrementAndGet();
            return false;
        }
        return run(() -> tell(event));
    }

    /**
     * Does work that finds out more events, where events are delivered and under the {@link RequestContext} of the calling thread;
     * never throws, and does nothing if nobody listens.
     *
     * @param work for example paging through ended sessions
     * @return false if it is lost
     */
    public boolean run(Runnable work) {
        if (listeners.isEmpty()) {
            return true;
        }
        RequestContext context = RequestContext.current();
        try {
            executor.execute(() -> guarded(work, context));
            return true;
        } catch (RejectedExecutionException e) {
            LOG.error(
                    "events lost so far: {} (listeners are too slow, or the publisher is closed)",
                    lost.incrementAndGet());
        } catch (RuntimeException e) {
            LOG.error("events lost so far: {} (the executor failed)", lost.incrementAndGet(), e);
        }
        return false;
    }

    private void guarded(Runnable work, RequestContext context) {
        RequestContext.Scope scope = context.open();
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("events lost so far: {} (some could not be found out)", lost.incrementAndGet(), e);
        } finally {
            scope.close();
        }
    }

    private boolean isBusy() {
        return executor instanceof ThreadPoolExecutor thread
                && thread.getQueue().size() >= QUEUE / 2;
    }

    /**
     * What happened on this node, whether or not a listener saw it; the ends of sessions are found out, and counted, only if there
     * is a listener.
     *
     * @return counters by reason, and by target for revocations
     */
    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(meters.meters());
        all.add(new Meter.Counter("curfew.events.lost", "events that no listener saw", Map.of(), lost::get));
        return all;
    }

    /**
     * How many events were lost because listeners were too slow.
     *
     * @return a number that only grows
     */
    public long lost() {
        return lost.get();
    }

    /** Delivers what waits, for five seconds at most, and ends the thread. */
    @Override
    public void close() {
        if (executor instanceof ThreadPoolExecutor thread) {
            thread.shutdown();
            try {
                if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                    LOG.error("events lost at close: {}", thread.shutdownNow().size());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Tells the listeners at once, on the calling thread, as work given to {@link #run} does.
     *
     * @param event what happened
     */
    public void deliver(SessionEvent event) {
        meters.count(event);
        tell(event);
    }

    /**
     * Tells the listeners at once of what another node did and may not have told: it is not counted as this one's.
     *
     * @param event what happened elsewhere, under the name that it has there
     */
    public void retell(SessionEvent event) {
        tellEach(listener -> listener.onRetold(event));
    }

    private void tell(SessionEvent event) {
        RequestContext context = RequestContext.current();
        tellEach(listener -> listener.onEvent(event, context));
    }

    private void tellEach(Consumer<SessionEventListener> telling) {
        for (SessionEventListener listener : listeners) {
            try {
                telling.accept(listener);
            } catch (Throwable e) {
                // Whatever it is, what happened has happened, and the other listeners are to hear of it.
                LOG.error("listener {} failed", listener.getClass().getName(), e);
            }
        }
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "curfew-events");
        thread.setDaemon(true);
        return thread;
    }
}
