package dev.curfew.jdbc;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A thread that does something small again and again, and knows when it was late: then the machine was, and not what a
 * test looks at. Thread-safe.
 */
final class Pulse implements AutoCloseable {
    /** Something that needs the machine, and nothing of the store. */
    interface Beat {
        void beat() throws Exception;
    }

    private static final long LATE_NANOS = Duration.ofMillis(500).toNanos();
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final Beat beat;
    private final Consumer<Throwable> onFailure;
    private volatile long last = System.nanoTime();
    private volatile long lateUntil;
    private volatile boolean wasLate;
    private volatile boolean isOver;

    private Pulse(Beat beat, Consumer<Throwable> onFailure) {
        this.beat = beat;
        this.onFailure = onFailure;
    }

    static Pulse start(Beat beat, Consumer<Throwable> onFailure) {
        Pulse pulse = new Pulse(beat, onFailure);
        Stores.OWN_THREADS.execute(pulse::run);
        return pulse;
    }

    private void run() {
        try {
            while (!isOver) {
                beat.beat();
                long now = System.nanoTime();
                if (now - last > LATE_NANOS) {
                    lateUntil = now;
                    wasLate = true;
                }
                last = now;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (Exception e) {
            if (!isOver) {
                onFailure.accept(e);
            }
        }
    }

    /** Whether some of the time since then, by {@link System#nanoTime}, passed without a beat. */
    boolean wasLateSince(long nanos) {
        long seen = last;
        return System.nanoTime() - seen > LATE_NANOS || (wasLate && lateUntil - nanos > 0);
    }

    @Override
    public void close() {
        isOver = true;
    }
}
