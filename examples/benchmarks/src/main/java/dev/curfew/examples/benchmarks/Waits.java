package dev.curfew.examples.benchmarks;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting, for programs that are measured. */
final class Waits {
    private Waits() {}

    static void sleep(Duration duration) {
        try {
            TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
