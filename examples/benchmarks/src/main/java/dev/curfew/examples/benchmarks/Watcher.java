package dev.curfew.examples.benchmarks;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** A thread that looks again and again whether something has happened, and notes when. For one caller. */
final class Watcher implements AutoCloseable {
    private static final int END = -1;
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final IntPredicate isSeen;
    private final SynchronousQueue<Integer> rounds = new SynchronousQueue<>();
    private final SynchronousQueue<Long> instants = new SynchronousQueue<>();
    private final Thread thread = new Thread(this::run, "watcher");

    Watcher(IntPredicate isSeen) {
        this.isSeen = isSeen;
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to look. */
    void begin(int round) {
        try {
            rounds.put(round);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** When it was seen. */
    long awaitSeen() {
        try {
            Long seen = instants.poll(PATIENCE_NANOS, TimeUnit.NANOSECONDS);
            if (seen == null) {
                throw new IllegalStateException("it is not seen");
            }
            return seen;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    @Override
    public void close() {
        begin(END);
    }

    /** There may be no more processors than threads that have to work for it to happen; so this one lets them. */
    @SuppressWarnings("ThreadPriorityCheck")
    private void run() {
        try {
            for (int round = rounds.take(); round != END; round = rounds.take()) {
                while (!isSeen.test(round)) {
                    Thread.yield();
                }
                instants.put(System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted", e);
    }
}
