package dev.curfew.activity;

import dev.curfew.token.Caller;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes when sessions were last seen where no request waits for it: in batches on a thread of its own, or one by one
 * on the host's executor. Thread-safe.
 */
public final class LastSeenQueue implements AutoCloseable {
    private final LastSeenWriter writer;
    private final LastSeenRoute route;

    public LastSeenQueue(LastSeenWriter writer, LongSupplier ticker, @Nullable Executor hosts) {
        this.writer = writer;
        this.route =
                hosts == null ? new BatchedSightings(writer, ticker) : new HandedOverSightings(writer, ticker, hosts);
    }

    /** Writes on the caller's thread. */
    public LastSeenWriter writer() {
        return writer;
    }

    /** Never waits for the store, unless the host's executor runs work on its caller; never throws. */
    public void touch(Caller caller) {
        route.touch(caller);
    }

    /** Writes what waits, for two seconds at most. */
    @Override
    public void close() {
        route.close();
    }
}
