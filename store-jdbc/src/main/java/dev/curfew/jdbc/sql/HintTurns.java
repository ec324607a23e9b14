package dev.curfew.jdbc.sql;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which transactions wake the listeners of other nodes themselves, and wakes them once behind all others.
 * Thread-safe.
 *
 * <p>PostgreSQL lets one transaction at a time commit that notifies, and the next one waits until it is on the disk, so
 * that a notification in each transaction would make all revocations of all nodes wait for one another. So the first
 * transaction notifies, and those of the quarter of a second behind it do not: one notification follows them, in a
 * transaction of its own, which writes nothing and so waits for no disk.
 *
 * <p>A thread sends it, one at most, which ends when nothing is owed. If it cannot be started, or the notification is
 * overdue because the pool has no connection for it, transactions notify themselves again.
 */
final class HintTurns {
    private static final Logger LOG = LoggerFactory.getLogger(HintTurns.class);
    private static final long BETWEEN_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final Executor OWN_THREAD = task -> {
        Thread thread = new Thread(task, "curfew-notify");
        thread.setDaemon(true);
        // Not that of the host's application whose call comes first.
        thread.setContextClassLoader(HintTurns.class.getClassLoader());
        thread.start();
    };

    private final LongSupplier ticker;
    private final Executor threads;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Written under the lock. */
    private volatile Runnable notification = () -> {};

    // Guarded by the lock.
    private long nextNanos;
    private boolean isOwed;
    private boolean isSending;
    private boolean isClosed;

    HintTurns(LongSupplier ticker) {
        this(ticker, OWN_THREAD);
    }

    /** With what starts the thread. */
    HintTurns(LongSupplier ticker, Executor threads) {
        this.ticker = ticker;
        this.threads = threads;
        this.nextNanos = ticker.getAsLong();
    }

    /** Whether the transaction that asks is to notify; if not, it owes a notification once it is committed. */
    boolean tryTake() {
        lock.lock();
        try {
            long now = ticker.getAsLong();
            if (!isClosed && now - nextNanos < (isSending ? BETWEEN_NANOS : 0)) {
                return false;
            }
            nextNanos = now + BETWEEN_NANOS;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A transaction is committed that has not notified. One notification follows soon for all of these; if it fails,
     * other nodes learn what there is by their next poll.
     */
    void owe(Runnable wakingListeners) {
        lock.lock();
        try {
            notification = wakingListeners;
            isOwed = !isClosed;
            if (isOwed && !isSending) {
                isSending = true;
                start();
            }
        } finally {
            lock.unlock();
        }
    }

    private void start() {
        boolean isStarted = false;
        try {
            threads.execute(this::run);
            isStarted = true;
        } catch (RuntimeException | Error e) {
            // Above all that no thread could be made. What is committed is not to be told as failed for it.
            LOG.debug("a hint is lost, since no thread can be started: {}", e.toString());
        } finally {
            isSending = isStarted;
            isOwed &= isStarted;
        }
    }

    private void run() {
        while (awaitTurn()) {
            send();
        }
    }

    /** Answers false if there is nothing to be sent by this thread any more, which then ends. */
    private boolean awaitTurn() {
        lock.lock();
        try {
            for (long left = nextNanos - ticker.getAsLong();
                    left > 0 && isOwed && !isClosed;
                    left = nextNanos - ticker.getAsLong()) {
                changed.awaitNanos(left);
            }
            if (!isOwed || isClosed) {
                // Under the same lock, so that whoever owes something from now on starts another one.
                isSending = false;
                changed.signalAll();
                return false;
            }
            // First, so that whoever commits from now on gets another one.
            isOwed = false;
            nextNanos = ticker.getAsLong() + BETWEEN_NANOS;
            return true;
        } catch (InterruptedException e) {
            // Nobody has a reason to; what is owed is found by a poll.
            isOwed = false;
            isSending = false;
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        try {
            notification.run();
        } catch (RuntimeException | Error e) {
            // Whatever it is, this thread goes on to say that it ends.
            LOG.debug("a hint is lost: {}", e.toString());
        }
    }

    /** Sends what is owed, and waits for one that is under way for so long at most; nothing is sent afterwards. */
    void close(Duration patience) {
        boolean isLeft;
        lock.lock();
        try {
            isClosed = true;
            isLeft = isOwed;
            isOwed = false;
            changed.signalAll();
            for (long left = patience.toNanos(); left > 0 && isSending; ) {
                left = changed.awaitNanos(left);
            }
            isLeft &= !isSending;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } finally {
            lock.unlock();
        }
        if (isLeft) {
            send();
        }
    }
}
