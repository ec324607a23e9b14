package dev.curfew.client;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Bounds the signatures that are verified at once, so that a flood of them leaves room for everything else. Nobody's
 * address is looked at: those of partners are shared. Thread-safe.
 */
final class Verifications {
    private static final int MOST = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Semaphore permits;
    private final Duration patience;

    Verifications() {
        this(MOST, PATIENCE);
    }

    Verifications(int most, Duration patience) {
        this.permits = new Semaphore(most);
        this.patience = patience;
    }

    /** Runs it when there is room, and answers nothing if there is none in time. */
    <T> Optional<T> run(Supplier<T> verification) {
        try {
            if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return Optional.empty();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        try {
            return Optional.of(verification.get());
        } finally {
            permits.release();
        }
    }
}
