package dev.curfew.event;

import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.session.FailureText;
import dev.curfew.work.WorkThread;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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

    /** Those with a queue of their own, which are told at once. */
    private final List<ToldListener> prompt;

    /** Those that are told by the executor. */
    private final List<ToldListener> others;

    private final Executor executor;

    /** Null on the host's executor, which is the host's alone to judge and to end. */
    private final @Nullable WorkThread own;

    /** Null if no listener wants to hear of other nodes. */
    private final @Nullable ReceivedEvents received;

    private final EventLosses lost = new EventLosses();
    private final EventMeters meters = new EventMeters();

    private EventPublisher(List<SessionEventListener> listeners, Executor executor, @Nullable WorkThread own) {
        List<ToldListener> all = listeners.stream().map(ToldListener::new).toList();
        this.prompt = all.stream().filter(ToldListener::hasOwnQueue).toList();
        this.others = all.stream().filter(listener -> !listener.hasOwnQueue()).toList();
        this.executor = Objects.requireNonNull(executor, "executor");
        this.own = own;
        List<ToldListener> hearing =
                all.stream().filter(ToldListener::hearsReceived).toList();
        this.received = hearing.isEmpty()
                ? null
                : new ReceivedEvents(
                        executor, event -> guarded(() -> tell(hearing, event), RequestContext.none()), lost::add);
    }

    /**
     * Publishes on a daemon thread of its own, in order; a listener that {@linkplain SessionEventListener#hasOwnQueue
     * has its own queue} is told on the thread that publishes. Up to 10,000 events wait, half of the places for what
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
     * Publishes an event with the {@link RequestContext} of the calling thread; returns before listeners without a
     * queue of their own have seen it, and never throws.
     *
     * @param event what happened
     * @return false if it is lost for those
     */
    public boolean publish(SessionEvent event) {
        meters.count(event);
        tell(prompt, event);
        if (others.isEmpty()) {
            return true;
        }
        if (event.isLowPriority() && own != null && own.isBusy()) {
            lost.add("listeners are too slow");
            return false;
        }
        return run(() -> tell(others, event));
    }

    /** {@return whether there is any listener, so that events are worth finding out} */
    public boolean isHeard() {
        return !prompt.isEmpty() || !others.isEmpty();
    }

    /**
     * Does work that finds out more events, where events are delivered and under the {@link RequestContext} of the
     * calling thread; never throws, and does nothing if nobody listens.
     *
     * @param work for example paging through ended sessions
     * @return false if it is lost
     */
    public boolean run(Runnable work) {
        if (!isHeard()) {
            return true;
        }
        RequestContext context = RequestContext.current();
        try {
            executor.execute(() -> guarded(work, context));
            lost.none();
            return true;
        } catch (RejectedExecutionException e) {
            lost.add("listeners are too slow, or the publisher or the executor is closed");
        } catch (RuntimeException e) {
            lost.add("the executor failed, " + FailureText.of(e));
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

    private void guarded(Runnable work, RequestContext context) {
        RequestContext.Scope scope = context.open();
        try {
            work.run();
        } catch (RuntimeException e) {
            lost.add("some could not be found out, " + FailureText.of(e));
        } finally {
            scope.close();
        }
    }

    /**
     * What happened on this node, whether or not a listener saw it; the ends of sessions are found out, and counted,
     * only if there is a listener.
     *
     * @return counters by reason, and by target for revocations
     */
    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(meters.meters());
        all.add(lost.meter());
        return all;
    }

    /** {@return how many events were lost because listeners were too slow, since the start} */
    public long lost() {
        return lost.count();
    }

    /**
     * Delivers what waits, for ten seconds at most, and ends the publisher's own threads; an executor of the host is
     * left alone.
     */
    @Override
    public void close() {
        int undone = (received == null ? 0 : received.close()) + (own == null ? 0 : own.close(CLOSE));
        if (undone > 0) {
            lost.add(undone);
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
        tell(prompt, event);
        tell(others, event);
    }

    /**
     * Tells the listeners at once of what another node did and may not have told: it is not counted as this one's.
     *
     * @param event what happened elsewhere, under the name that it has there
     */
    public void replay(SessionEvent event) {
        prompt.forEach(listener -> listener.tell(told -> told.onReplayed(event)));
        others.forEach(listener -> listener.tell(told -> told.onReplayed(event)));
    }

    private static void tell(List<ToldListener> listeners, SessionEvent event) {
        RequestContext context = RequestContext.current();
        listeners.forEach(listener -> listener.tell(told -> told.onEvent(event, context)));
    }
}
