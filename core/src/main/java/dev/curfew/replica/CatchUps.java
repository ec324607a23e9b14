package dev.curfew.replica;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Who waits for which read of the feed: any number of callers share one. Thread-safe; one reader of the feed. */
final class CatchUps {
    private final AtomicReference<CompletableFuture<Boolean>> next = new AtomicReference<>(new CompletableFuture<>());
    private volatile @Nullable CompletableFuture<Boolean> running;

    /** A read that is sent after this call. */
    CompletableFuture<Boolean> next() {
        return next.get();
    }

    /** The read that is under way, or null. */
    @Nullable
    CompletableFuture<Boolean> running() {
        return running;
    }

    /** The reader begins: whoever asks from now on waits for a later read. */
    void begin() {
        running = next.getAndSet(new CompletableFuture<>());
    }

    /** The reader is done, and has caught up or not. */
    void end(boolean isCaughtUp) {
        CompletableFuture<Boolean> done = running;
        running = null;
        if (done != null) {
            done.complete(isCaughtUp);
        }
    }

    /** Waits; answers false if the read failed, or did not end in time, or this thread was interrupted. */
    static boolean await(CompletableFuture<Boolean> read, Duration patience) {
        try {
            return read.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }
}
