package dev.curfew.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads are about to do, in real time and not for ever. */
final class Waiting {
    /** Far longer than anything takes: whoever waits for so long has found a mistake. */
    static final Duration AT_MOST = Duration.ofSeconds(20);

    private static final long PAUSE_NANOS = 1_000_000;

    private Waiting() {}

    static void until(BooleanSupplier isSo, String otherwise) {
        long end = System.nanoTime() + AT_MOST.toNanos();
        while (!isSo.getAsBoolean()) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new AssertionError(otherwise);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
