package dev.curfew;

import dev.curfew.SignsOfLife.Sign;
import dev.curfew.event.RequestContext;
import dev.curfew.token.Caller;
import dev.curfew.work.WorkThread;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes signs of life where no request waits for them, behind a bounded queue. Thread-safe.
 *
 * <p>While the store does not answer, one is tried every few seconds and the others are dropped: the next request of
 * their session asks again.
 */
final class LaterSigns implements AutoCloseable {
    private static final int QUEUE = 10_000;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private final SignsOfLife signs;
    private final LongSupplier ticker;
    private final Executor executor;

    /** Null on the host's executor, which the host closes. */
    private final @Nullable WorkThread own;

    private volatile boolean isFailing;

    /** Written before the flag. */
    private volatile long failedNanos;

    LaterSigns(SignsOfLife signs, LongSupplier ticker, @Nullable Executor hosts) {
        this.signs = signs;
        this.ticker = ticker;
        this.own = hosts == null ? new WorkThread("curfew-last-seen", QUEUE) : null;
        this.executor = hosts == null ? Objects.requireNonNull(own) : hosts;
    }

    /** Never waits for the store, unless the host's executor runs work on its caller; never throws. */
    void touch(Caller caller, Instant now) {
        if (!isPausing()) {
            signs.due(caller, now).ifPresent(this::handOver);
        }
    }

    /** Writes what waits, for two seconds at most: what is lost then is a minute of "last seen". */
    @Override
    public void close() {
        if (own != null) {
            own.close(CLOSE);
        }
    }

    private void handOver(Sign sign) {
        RequestContext context = RequestContext.current();
        try {
            executor.execute(() -> write(sign, context));
        } catch (RuntimeException e) {
            signs.failed(sign, e);
        }
    }

    private void write(Sign sign, RequestContext context) {
        if (isPausing()) {
            signs.forget(sign);
            return;
        }
        RequestContext.Scope scope = context.open();
        try {
            note(signs.write(sign));
        } catch (RuntimeException e) {
            signs.failed(sign, e);
            note(false);
        } finally {
            scope.close();
        }
    }

    private void note(boolean isAnswered) {
        if (!isAnswered) {
            failedNanos = ticker.getAsLong();
        }
        isFailing = !isAnswered;
    }

    private boolean isPausing() {
        return isFailing && ticker.getAsLong() - failedNanos < PAUSE_NANOS;
    }
}
