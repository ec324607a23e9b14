package dev.curfew.testkit;

import dev.curfew.event.SessionEvent;
import dev.curfew.event.SessionEventListener;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A listener that keeps every event, in the order in which they came. Thread-safe.
 *
 * <p>In a {@link TestCurfew} the events of a call are here when the call returns. {@link #await} is for what other
 * threads do, such as a service that has an executor of the host's.
 */
public final class EventRecorder implements SessionEventListener {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();

    /** Guarded by the lock. */
    private final List<SessionEvent> events = new ArrayList<>();

    private EventRecorder() {}

    /** {@return a recorder without events, for {@code SessionService.builder().listener(…)}} */
    public static EventRecorder create() {
        return new EventRecorder();
    }

    @Override
    public void onEvent(SessionEvent event) {
        lock.lock();
        try {
            events.add(event);
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** {@return all events until now, the first one in front} */
    public List<SessionEvent> all() {
        lock.lock();
        try {
            return List.copyOf(events);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The events of a kind until now.
     *
     * @param kind for example {@code SessionEvent.SessionEnded.class}
     * @param <E> the kind
     * @return those, the first one in front
     */
    public <E extends SessionEvent> List<E> of(Class<E> kind) {
        return all().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /**
     * The one event of a kind.
     *
     * @param kind which
     * @param <E> the kind
     * @return the event
     * @throws AssertionError if there is none until now, or more than one
     */
    public <E extends SessionEvent> E only(Class<E> kind) {
        List<E> found = of(kind);
        if (found.size() != 1) {
            throw new AssertionError(
                    "expected one " + kind.getSimpleName() + ", but there are " + found.size() + " among " + names());
        }
        return found.get(0);
    }

    /**
     * Waits for an event of a kind, which may be here already.
     *
     * @param kind which
     * @param <E> the kind
     * @return the first one
     * @throws AssertionError if none comes within 20 seconds of real time
     */
    public <E extends SessionEvent> E await(Class<E> kind) {
        long left = Waiting.AT_MOST.toNanos();
        lock.lock();
        try {
            List<E> found = of(kind);
            while (found.isEmpty()) {
                if (left <= 0) {
                    throw new AssertionError("no " + kind.getSimpleName() + " came, but " + names());
                }
                left = came.awaitNanos(left);
                found = of(kind);
            }
            return found.get(0);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before a " + kind.getSimpleName() + " came", e);
        } finally {
            lock.unlock();
        }
    }

    /** Forgets what came until now. */
    public void clear() {
        lock.lock();
        try {
            events.clear();
        } finally {
            lock.unlock();
        }
    }

    private List<String> names() {
        return all().stream().map(event -> event.getClass().getSimpleName()).toList();
    }
}
