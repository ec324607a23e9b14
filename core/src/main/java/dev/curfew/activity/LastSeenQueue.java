package dev.curfew.activity;

import dev.curfew.activity.LastSeenWriter.Sighting;
import dev.curfew.event.RequestContext;
import dev.curfew.token.Caller;
import dev.curfew.work.WorkThread;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes when sessions were last seen where no request waits for it, behind a bounded queue. Thread-safe.
 *
 * <p>While the store does not answer, one write is tried every few seconds and the others are dropped: the next request
 * of their session asks again.
 */
public final class LastSeenQueue implements AutoCloseable {
    private static final int QUEUE = 10_000;
    private static final Duration CLOSE = Duration.ofSeconds(2);
    private static final long PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private final LastSeenWriter writer;
    private final LongSupplier ticker;
    private final Executor executor;

    /** Null on the host's executor, which the host closes. */
    private final @Nullable WorkThread own;

    private volatile boolean isFailing;

    /** Written before the flag. */
    private volatile long failedNanos;

    public LastSeenQueue(LastSeenWriter writer, LongSupplier ticker, @Nullable Executor hosts) {
        this.writer = writer;
        this.ticker = ticker;
        this.own = hosts == null ? new WorkThread("curfew-last-seen", QUEUE) : null;
        this.executor = hosts == null ? Objects.requireNonNull(own) : hosts;
    }

    /** Writes on the caller's thread. */
    public LastSeenWriter writer() {
        return writer;
    }

    /** Never waits for the store, unless the host's executor runs work on its caller; never throws. */
    public void touch(Caller caller) {
        if (!isPausing()) {
            writer.due(caller).ifPresent(this::handOver);
        }
    }

    /** Writes what waits, for two seconds at most: what is lost then is a minute of "last seen". */
    @Override
    public void close() {
        if (own != null) {
            own.close(CLOSE);
        }
    }

    private void handOver(Sighting sighting) {
        RequestContext context = RequestContext.current();
        try {
            executor.execute(() -> write(sighting, context));
        } catch (RuntimeException e) {
            writer.failed(sighting, e);
        }
    }

    private void write(Sighting sighting, RequestContext context) {
        if (isPausing()) {
            writer.forget(sighting);
            return;
        }
        RequestContext.Scope scope = context.open();
        try {
            note(writer.write(sighting));
        } catch (RuntimeException e) {
            writer.failed(sighting, e);
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
