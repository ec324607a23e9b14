package dev.curfew.event;

import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.meter.Meter;
import dev.curfew.meter.TroubleLog;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.FailureText;
import dev.curfew.work.WorkThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to listeners so that no listener can break or slow what happened. Thread-safe.
 */
public final class EventPublisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventPublisher.class);
    private static final int QUEUE = 10_000;

    /** Of each of the two threads. */
    static final Duration CLOSE = Duration.ofSeconds(5);

    private final List<ToldListener> listeners;
    private final Executor executor;

    /** Null on the host's executor, which is the host's alone to judge and to end. */
    private final @Nullable WorkThread own;

    /** Null if no listener wants to hear of other nodes. */
    private final @Nullable ReceivedEvents received;

    private final AtomicLong lost = new AtomicLong();
    private final EventMeters meters = new EventMeters();
    private final TroubleLog losing =
            new TroubleLog(EventPublisher.class, "events are lost", "events are told again", System::nanoTime);

    private EventPublisher(List<SessionEventListener> listeners, Executor executor, @Nullable WorkThread own) {
        this.listeners = listeners.stream().map(ToldListener::new).toList();
        this.executor = Objects.requireNonNull(executor, "executor");
        this.own = own;
        this.received = this.listeners.stream().noneMatch(ToldListener::hearsReceived)
                ? null
                : new ReceivedEvents(
                        executor, event -> guarded(() -> tellReceived(event), RequestContext.none()), this::lose);
    }

    /**
     * Publishes on a daemon thread of its own, in order. Up to 10,000 events wait, half of the places for what
     * changed something; what comes on top is lost and counted.
     *
     * @param listeners whom to tell
     * @return the publisher
     */
    public static EventPublisher onOwnThread(List<SessionEventListener> listeners) {
        WorkThread thread = new WorkThread("curfew-events", QUEUE);
        return new EventPublisher(listeners, thread, thread);
    }

    /**
     * Publishes on the host's executor, which is never shut down, and whose queue is never looked at. What it refuses
     * is lost and counted. One that has several threads tells several events at a time, in whatever order; one that
     * runs work on the thread that brings it (directly, or when it is full) lets listeners delay what happened, though
     * never break it.
     *
     * @param listeners whom to tell
     * @param executor for example {@code Runnable::run} in tests
     * @return the publisher
     */
    public static EventPublisher on(List<SessionEventListener> listeners, Executor executor) {
        return new EventPublisher(listeners, executor, null);
    }

    /**
     * Publishes an event with the {@link RequestContext} of the calling thread; returns before the listeners have seen
     * it, and never throws.
     *
     * @param event what happened
     * @return false if it is lost
     */
    public boolean publish(SessionEvent event) {
        meters.count(event);
        if (Frequent.is(event) && isBusy()) {
            lose("listeners are too slow");
            return false;
        }
        return run(() -> tell(event));
    }

    /**
     * Does work that finds out more events, where events are delivered and under the {@link RequestContext} of the
     * calling thread; never throws, and does nothing if nobody listens.
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
            losing.worked();
            return true;
        } catch (RejectedExecutionException e) {
            lose("listeners are too slow, or the publisher or the executor is closed");
        } catch (RuntimeException e) {
            lose("the executor failed, " + FailureText.of(e));
        }
        return false;
    }

    /**
     * Publishes what other nodes have revoked, from a queue of 100,000 of its own, so that it takes no room from what
     * this node did; returns before any listener has seen it, on whatever executor, and never throws.
     *
     * @param entries what this node has learnt
     * @param at when
     */
    public void publishReceived(List<Revocation> entries, Instant at) {
        for (Revocation entry : entries) {
            RevocationReceived event = RevocationReceived.of(entry, at);
            meters.count(event);
            if (received != null) {
                received.add(event);
            }
        }
    }

    private void lose(String why) {
        lost.incrementAndGet();
        losing.failed(why);
    }

    private void guarded(Runnable work, RequestContext context) {
        RequestContext.Scope scope = context.open();
        try {
            work.run();
        } catch (RuntimeException e) {
            lose("some could not be found out, " + FailureText.of(e));
        } finally {
            scope.close();
        }
    }

    private boolean isBusy() {
        return own != null && own.isBusy();
    }

    /**
     * What happened on this node, whether or not a listener saw it; the ends of sessions are found out, and counted,
     * only if there is a listener.
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

    /**
     * Delivers what waits, for ten seconds at most, and ends the publisher's own threads; an executor of the host is
     * left alone.
     */
    @Override
    public void close() {
        int undone = (received == null ? 0 : received.close()) + (own == null ? 0 : own.close(CLOSE));
        if (undone > 0) {
            lost.addAndGet(undone);
            LOG.error("events lost at close: {}", undone);
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

    private void tellReceived(SessionEvent event) {
        listeners.stream()
                .filter(ToldListener::hearsReceived)
                .forEach(listener -> listener.tell(told -> told.onEvent(event, RequestContext.none())));
    }

    private void tellEach(Consumer<SessionEventListener> telling) {
        listeners.forEach(listener -> listener.tell(telling));
    }
}
