package dev.curfew.activity;

import dev.curfew.event.RequestContext;
import dev.curfew.token.Caller;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/**
 * Writes each sighting by itself on the host's executor, which the host closes. Thread-safe.
 *
 * <p>While the store does not answer, one write is tried every few seconds and the others are dropped: the next request
 * of their session asks again.
 */
final class HandedOverSightings implements LastSeenRoute {
    private final LastSeenWriter writer;
    private final OutagePause pause;
    private final Executor executor;

    HandedOverSightings(LastSeenWriter writer, LongSupplier ticker, Executor executor) {
        this.writer = writer;
        this.pause = new OutagePause(ticker);
        this.executor = executor;
    }

    /** Never waits for the store, unless the executor runs work on its caller. */
    @Override
    public void touch(Caller caller) {
        if (!pause.isOn()) {
            writer.due(caller).ifPresent(this::handOver);
        }
    }

    @Override
    public void close() {}

    private void handOver(Sighting sighting) {
        try {
            executor.execute(() -> write(sighting));
        } catch (Throwable e) {
            // Also that no thread could be made: the request goes on.
            writer.failed(List.of(sighting), e);
        }
    }

    private void write(Sighting sighting) {
        if (pause.isOn()) {
            writer.forget(List.of(sighting));
            return;
        }
        // What is logged or done on this thread belongs to that request, too.
        RequestContext.Scope scope = sighting.context().open();
        try {
            // It may have waited long: a session that has ended meanwhile is not to be revived.
            writer.write(List.of(sighting), writer.now());
            pause.answered();
        } catch (RuntimeException e) {
            writer.failed(List.of(sighting), e);
            pause.failed();
        } finally {
            scope.close();
        }
    }
}
