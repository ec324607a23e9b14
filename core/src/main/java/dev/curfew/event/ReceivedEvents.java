package dev.curfew.event;

import dev.curfew.event.SessionEvent.RevocationReceived;
import dev.curfew.session.FailureText;
import dev.curfew.work.WorkThread;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Brings events of what other nodes did to where events are told, one after another. Thread-safe.
 *
 * <p>They wait in a queue of their own, for another node may end a hundred thousand sessions at once: neither do they
 * displace what this node did, nor does a slow listener or a full executor hold up who brings them. A thread hands them
 * over, each when the one before was told.
 */
final class ReceivedEvents {
    private static final int QUEUE = 100_000;

    /** How long one is waited for; an executor may drop work without a word. */
    private static final long PATIENCE_SECONDS = 5;

    private static final long FULL_MILLIS = 20;

    private final WorkThread thread = new WorkThread("curfew-received", QUEUE);
    private final Executor executor;
    private final Consumer<SessionEvent> telling;
    private final Consumer<String> losing;

    /**
     * Makes the queue.
     *
     * @param executor where events are told
     * @param telling tells one, and never throws
     * @param losing hears why one is lost
     */
    ReceivedEvents(Executor executor, Consumer<SessionEvent> telling, Consumer<String> losing) {
        this.executor = executor;
        this.telling = telling;
        this.losing = losing;
    }

    void add(RevocationReceived event) {
        try {
            thread.execute(() -> handOver(event));
        } catch (RejectedExecutionException e) {
            losing.accept("listeners are too slow for what other nodes do, or the publisher is closed");
        }
    }

    /** Hands over what waits, for five seconds at most; answers how much was left. */
    int close() {
        return thread.close(EventPublisher.CLOSE);
    }

    private void handOver(RevocationReceived event) {
        CountDownLatch told = new CountDownLatch(1);
        Runnable work = () -> {
            try {
                telling.accept(event);
            } finally {
                told.countDown();
            }
        };
        try {
            if (!isTaken(work)) {
                losing.accept("the executor is full or closed");
            } else if (!told.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                // The next one may come out of turn.
                return;
            }
        } catch (InterruptedException e) {
            losing.accept("the publisher is closed");
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            losing.accept("the executor failed, " + FailureText.of(e));
        }
    }

    private boolean isTaken(Runnable work) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                executor.execute(work);
                return true;
            } catch (RejectedExecutionException e) {
                if (System.nanoTime() - until > 0) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(FULL_MILLIS);
            }
        }
    }
}
