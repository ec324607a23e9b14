package dev.curfew.work;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs work in order on a daemon thread of its own, behind a bounded queue that refuses what comes on top. Thread-safe.
 */
public final class WorkThread implements Executor {
    private final int capacity;
    private final ThreadPoolExecutor thread;

    /**
     * Makes the executor; the thread is there while there is work.
     *
     * @param name of the thread
     * @param capacity how much may wait
     */
    public WorkThread(String name, int capacity) {
        this.capacity = capacity;
        this.thread = new ThreadPoolExecutor(
                1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(capacity), work -> daemon(name, work));
        thread.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable work) {
        thread.execute(work);
    }

    /** Whether so much waits that the rest of the places is for what must be known. */
    public boolean isBusy() {
        return thread.getQueue().size() >= capacity / 2;
    }

    /** Does what waits, for so long at most, and ends the thread; answers how much was left undone. */
    public int close(Duration patience) {
        thread.shutdown();
        try {
            return thread.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS)
                    ? 0
                    : thread.shutdownNow().size();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
