package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.check.WatchedStore;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * The thread of a test that stands for an event loop, on which nobody may call the store or wait. The platform counts
 * how often a thread has waited, so that no clock is needed. Confined to that thread.
 */
final class EventLoop {
    private final Thread thread = Thread.currentThread();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final WatchedStore store;

    /** Writes down what this thread asks of the store. */
    EventLoop(WatchedStore store) {
        this.store = store;
        store.before(this::note);
    }

    private void note(String verb) {
        if (Thread.currentThread().equals(thread)) {
            calls.add(verb);
        }
    }

    /** From now on no call of the store comes back before the latch is opened. */
    CountDownLatch hangs() {
        CountDownLatch gate = new CountDownLatch(1);
        store.before(verb -> {
            note(verb);
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        return gate;
    }

    /** Runs a call, and proves that this thread neither waited nor asked the store. */
    <T> T run(Supplier<T> call) {
        // Whoever loads a class may wait for another thread that loads it, too.
        T unused = call.get();
        calls.clear();
        long before = waits();
        T answer = call.get();
        assertThat(waits()).as("how often this thread has waited").isEqualTo(before);
        assertThat(calls).as("what this thread has asked of the store").isEmpty();
        return answer;
    }

    private long waits() {
        return ManagementFactory.getThreadMXBean().getThreadInfo(thread.getId()).getWaitedCount();
    }
}
