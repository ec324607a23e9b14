package dev.curfew.audit;

import dev.curfew.meter.TroubleLog;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties a queue on an executor of the host's; after a failure the rest waits for the next record. Thread-safe.
 *
 * @param queue to be emptied
 * @param executor where
 * @param refusing what to say if it does not
 */
record SinkExecutor(SinkQueue queue, Executor executor, TroubleLog refusing) implements SinkRunner {
    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);

    @Override
    public void wake() {
        try {
            executor.execute(() -> {
                while (queue.writeSome()) {
                    LOG.trace("audit sink {} goes on", queue.name());
                }
            });
            refusing.worked();
        } catch (RuntimeException e) {
            refusing.failed(e);
        }
    }

    @Override
    public void finish(long nanos) {
        wake();
    }

    @Override
    public void interrupt() {
        // The threads are the host's.
    }
}
