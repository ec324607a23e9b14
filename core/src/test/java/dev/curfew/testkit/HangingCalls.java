package dev.curfew.testkit;

import dev.curfew.store.StoreUnavailableException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a {@link TestStore} that hang, until the test lets them go. Thread-safe.
 *
 * <p>Whoever calls the store waits, so that a test makes the call on another thread than its own. What nobody lets go
 * fails after 20 seconds of real time.
 */
public final class HangingCalls implements AutoCloseable {
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean isTimedOut;

    HangingCalls() {}

    /**
     * Waits until a call hangs.
     *
     * @throws AssertionError if none does within 20 seconds of real time
     */
    public void awaitCall() {
        try {
            if (!called.await(Waiting.AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("no call of the store hangs: was it made, and on another thread?");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before a call of the store hung", e);
        }
    }

    /** Lets the calls go on and answer, as if nothing had been; later calls do not hang. */
    public void release() {
        released.countDown();
    }

    /** Lets the calls fail as after their timeout, of 2 seconds in production; so do later ones until it recovers. */
    public void timeOut() {
        isTimedOut = true;
        released.countDown();
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
        release();
    }

    /** Whether later calls go through. */
    boolean isReleased() {
        return released.getCount() == 0 && !isTimedOut;
    }

    /** Hangs; answers how the call is to fail, or null if it may go on. */
    @Nullable
    StoreUnavailableException hang(Supplier<StoreUnavailableException> failure) {
        called.countDown();
        try {
            // A test that calls on its own thread would wait for ever.
            if (!released.await(Waiting.AT_MOST.toSeconds(), TimeUnit.SECONDS)) {
                return failure.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure.get();
        }
        return isTimedOut ? failure.get() : null;
    }
}
