package dev.curfew.audit;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded queue in front of one sink. Thread-safe.
 *
 * <p>Records leave the queue when the sink has taken them, so that they are offered again in the same order, in smaller
 * batches. In an outage the oldest records wait, and what comes on top of a full queue is lost.
 *
 * <p>The sink is called without the lock, by one thread at a time.
 */
final class SinkQueue {
    /** How many records wait at most; half of the places are for what is not of low priority. */
    static final int CAPACITY = 10_000;

    private final AuditSink sink;
    private final SinkLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final WaitingRecords waiting = new WaitingRecords(CAPACITY);
    private final SinkAttempts attempts = new SinkAttempts();
    private final SinkTally tally;

    SinkQueue(String name, AuditSink sink, Clock clock) {
        this.sink = sink;
        this.log = new SinkLog(name);
        this.tally = new SinkTally(clock);
    }

    String name() {
        return log.name();
    }

    /** Takes a record if there is room for it, and counts it as lost if not. Never waits for the sink. */
    void offer(AuditRecord record, boolean isLowPriority) {
        boolean isFirstLoss = false;
        lock.lock();
        try {
            if (waiting.offer(record, isLowPriority)) {
                changed.signal();
            } else {
                isFirstLoss = tally.lost(1);
            }
        } finally {
            lock.unlock();
        }
        if (isFirstLoss) {
            log.losing();
        }
    }

    /** Calls the sink once; answers whether it took something, so that it is worth while to go on. */
    boolean writeSome() {
        List<AuditRecord> records = begin();
        if (records.isEmpty()) {
            return false;
        }
        try {
            sink.write(records);
        } catch (Throwable e) {
            // Whatever it is, it must not end the thread.
            failed(records.size(), e);
            return false;
        }
        succeeded(records.size());
        return true;
    }

    private List<AuditRecord> begin() {
        lock.lock();
        try {
            if (tally.isInCall() || waiting.isEmpty()) {
                return List.of();
            }
            tally.called();
            return waiting.oldest(attempts.batch());
        } finally {
            lock.unlock();
        }
    }

    private void succeeded(int count) {
        long lostMeanwhile;
        lock.lock();
        try {
            attempts.succeeded();
            changed.signalAll();
            lostMeanwhile = tally.succeeded(waiting.remove(count), waiting.isEmpty());
        } finally {
            lock.unlock();
        }
        log.succeeded(lostMeanwhile);
    }

    private void failed(int count, Throwable failure) {
        lock.lock();
        try {
            tally.failed(failure);
            changed.signalAll();
            if (attempts.failed(count)) {
                tally.lost(waiting.remove(count));
            }
        } finally {
            lock.unlock();
        }
        log.failed(failure);
    }

    /**
     * Waits until there may be something to do: a record, the end of a pause after a failure, or the time to look at
     * windows.
     *
     * @return false once the queue is closed
     */
    boolean await(long firstPauseNanos, long tickNanos) throws InterruptedException {
        lock.lock();
        try {
            if (waiting.isClosed()) {
                return false;
            }
            boolean isPause = attempts.isPausing();
            long left = isPause ? attempts.pauseNanos(firstPauseNanos) : tickNanos;
            while (left > 0 && !waiting.isClosed() && (isPause || waiting.isEmpty())) {
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Waits, for so long at most, until nobody is writing: all is written, or the sink has failed. */
    void awaitRest(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && (tally.isInCall() || !waiting.isEmpty() && !attempts.isPausing())) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more records; what waits is offered once more. */
    void close() {
        lock.lock();
        try {
            waiting.close();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Counts what is left as lost, and says so. */
    void abandon() {
        int left;
        lock.lock();
        try {
            left = waiting.remove(waiting.size());
            tally.lostAtEnd(left);
        } finally {
            lock.unlock();
        }
        if (left > 0) {
            log.lostAtEnd(left);
        }
    }

    AuditSinkStatus status() {
        lock.lock();
        try {
            return tally.status(log.name(), waiting.size());
        } finally {
            lock.unlock();
        }
    }
}
