package dev.curfew.audit;

import dev.curfew.meter.TroubleLog;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
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
        execute(this::empty);
    }

    private boolean execute(Runnable work) {
        try {
            executor.execute(work);
            refusing.worked();
            return true;
        } catch (RuntimeException e) {
            refusing.failed(e);
            return false;
        }
    }

    private void empty() {
        while (queue.writeSome()) {
            LOG.trace("audit sink {} goes on", queue.name());
        }
    }

    @Override
    public void finish(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        CountDownLatch tried = new CountDownLatch(1);
        boolean isTaken = execute(() -> {
            empty();
            tried.countDown();
        });
        if (isTaken && tried.await(nanos, TimeUnit.NANOSECONDS)) {
            // Another thread of the executor may be in the middle of it.
            queue.awaitRest(end - System.nanoTime());
        }
    }

    @Override
    public void interrupt() {
        // The threads are the host's.
    }
}
