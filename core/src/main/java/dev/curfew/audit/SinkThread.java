package dev.curfew.audit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Empties a queue on a daemon thread of its own, which starts with the first record. Thread-safe. */
final class SinkThread implements SinkRunner {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final SinkQueue queue;
    private final Runnable tick;
    private final long firstPauseNanos;
    private @Nullable Thread thread;

    /**
     * Makes the thread.
     *
     * @param queue to be emptied
     * @param tick done before each look at the queue, at least once a second
     * @param firstPause after a first failure
     */
    SinkThread(SinkQueue queue, Runnable tick, Duration firstPause) {
        this.queue = queue;
        this.tick = tick;
        this.firstPauseNanos = firstPause.toNanos();
    }

    @Override
    public SinkQueue queue() {
        return queue;
    }

    @Override
    public synchronized void wake() {
        if (thread == null) {
            thread = new Thread(this::run, "curfew-audit-" + queue.name());
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void run() {
        try {
            do {
                tick.run();
                while (queue.writeSome()) {
                    tick.run();
                }
            } while (queue.await(firstPauseNanos, TICK_NANOS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void finish(long nanos) throws InterruptedException {
        Thread ending = thread();
        if (ending != null) {
            TimeUnit.NANOSECONDS.timedJoin(ending, Math.max(nanos, 1));
        }
    }

    @Override
    public void interrupt() {
        Thread hanging = thread();
        if (hanging != null) {
            hanging.interrupt();
        }
    }

    private synchronized @Nullable Thread thread() {
        return thread;
    }
}
