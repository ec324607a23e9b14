package dev.curfew.replica;

import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.store.StoreUnavailableException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lets callers wait for the first load of all revocations. Any number of threads wait; one loads. */
final class FirstLoad {
    private static final int DEEPEST_CAUSE = 10;

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Written before the latch, by the thread that loads. */
    private volatile @Nullable Throwable hopeless;

    /** Everything was read once. */
    void done() {
        ended.countDown();
    }

    /** Whoever waits hears at once of a failure that no waiting mends, since somebody has to mend the store. */
    void failed(Throwable failure) {
        boolean isHopeless = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .limit(DEEPEST_CAUSE)
                .anyMatch(cause -> cause instanceof CurfewException known && !known.isRetryable());
        if (isHopeless && ended.getCount() > 0) {
            hopeless = failure;
            ended.countDown();
        }
    }

    /**
     * Waits until everything was read once.
     *
     * @throws StoreUnavailableException if that took too long, or at once if no waiting helps
     */
    void require(Duration patience, BackOff failures) {
        boolean hasEnded = await(patience);
        Throwable known = hopeless;
        if (known != null) {
            throw new StoreUnavailableException("the load of all revocations (" + FailureText.of(known) + ")", known);
        }
        if (!hasEnded) {
            throw new StoreUnavailableException(
                    "the load of all revocations (raise loadWithin, now " + patience
                            + ", or set it to zero to let checks ask the store meanwhile)",
                    failures.lastError());
        }
    }

    private boolean await(Duration patience) {
        try {
            return ended.await(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
