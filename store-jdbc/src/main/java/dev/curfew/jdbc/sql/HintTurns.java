package dev.curfew.jdbc.sql;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which transactions wake the listeners of other nodes themselves, and has them woken once behind all others.
 * Thread-safe.
 *
 * <p>PostgreSQL lets one transaction at a time commit that notifies, and the next one waits until it is on the disk, so
 * that a notification in each transaction would make all revocations of all nodes wait for one another. So the first
 * transaction notifies, and those of the quarter of a second behind it do not: one notification follows them, in a
 * transaction of its own, which writes nothing and so waits for no disk.
 */
final class HintTurns {
    private static final Logger LOG = LoggerFactory.getLogger(HintTurns.class);
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** It waits for a connection and for the server, and there are four a second at most. */
    private static final Executor OWN_THREAD = task -> {
        Thread thread = new Thread(task, "curfew-notify");
        thread.setDaemon(true);
        thread.start();
    };

    private final LongSupplier ticker;
    private final AtomicLong nextNanos;
    private final AtomicBoolean isOwed = new AtomicBoolean();

    HintTurns(LongSupplier ticker) {
        this.ticker = ticker;
        this.nextNanos = new AtomicLong(ticker.getAsLong());
    }

    /** Whether the transaction that asks is to notify; if not, it owes a notification once it is committed. */
    boolean tryTake() {
        long next = nextNanos.get();
        long now = ticker.getAsLong();
        return now - next >= 0 && !isOwed.get() && nextNanos.compareAndSet(next, now + BETWEEN_NANOS);
    }

    /**
     * A transaction is committed that has not notified. One notification follows soon for all of these; if it fails,
     * other nodes learn what there is by their next poll.
     */
    void owe(Runnable notification) {
        if (isOwed.compareAndSet(false, true)) {
            long left = Math.max(0, nextNanos.get() - ticker.getAsLong());
            CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS, OWN_THREAD)
                    .execute(() -> send(notification));
        }
    }

    private void send(Runnable notification) {
        // First, so that whoever commits from now on gets another one.
        isOwed.set(false);
        nextNanos.set(ticker.getAsLong() + BETWEEN_NANOS);
        try {
            notification.run();
        } catch (RuntimeException e) {
            LOG.debug("a hint is lost: {}", e.toString());
        }
    }
}
