package dev.curfew.audit;

import dev.curfew.meter.TroubleLog;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bounded queue in front of one sink, with what became of the records in it. Thread-safe.
 *
 * <p>Records leave the queue when the sink has taken them, so that they are offered again in the same order. Each
 * failure halves the batch: so one record that the sink cannot take is found out and given up alone, and takes no
 * others with it. In an outage the oldest records wait, and what comes on top of a full queue is lost.
 *
 * <p>The sink is called without the lock, by one thread at a time.
 */
final class SinkQueue {
    /** How many records wait at most; half of the places are for what is not frequent. */
    static final int CAPACITY = 10_000;

    /** The largest batch. */
    static final int BATCH = 500;

    /** How often a record is offered; by then a batch has become one record. */
    static final int ATTEMPTS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int MAX_DOUBLINGS = 6;

    private final String name;
    private final AuditSink sink;
    private final Clock clock;
    private final TroubleLog failing;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final Deque<AuditRecord> waiting = new ArrayDeque<>();
    private int batch = BATCH;
    private int attempts;
    private int failures;
    private long written;
    private long lost;
    private long lostInOutage;
    private boolean isClosed;
    private @Nullable Instant failingSince;
    private @Nullable String lastFailure;
    private @Nullable Instant callSince;

    SinkQueue(String name, AuditSink sink, Clock clock) {
        this.name = name;
        this.sink = sink;
        this.clock = clock;
        this.failing = new TroubleLog(
                AuditTrail.class,
                "audit sink " + name + " failed; its records wait and are offered again",
                "audit sink " + name + " writes again",
                System::nanoTime);
    }

    String name() {
        return name;
    }

    /** Takes a record if there is room for it, and counts it as lost if not. Never waits for the sink. */
    void offer(AuditRecord record, boolean isFrequent) {
        boolean isFirstLoss = false;
        lock.lock();
        try {
            if (isClosed || waiting.size() >= (isFrequent ? CAPACITY / 2 : CAPACITY)) {
                lost++;
                isFirstLoss = lostInOutage++ == 0;
            } else {
                waiting.add(record);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
        if (isFirstLoss) {
            LOG.error("audit sink {} is down, hangs or is too slow: records are lost from now on", name);
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
            if (callSince != null || waiting.isEmpty()) {
                return List.of();
            }
            callSince = clock.instant();
            List<AuditRecord> records = new ArrayList<>(Math.min(batch, waiting.size()));
            for (AuditRecord record : waiting) {
                if (records.size() == batch) {
                    break;
                }
                records.add(record);
            }
            return List.copyOf(records);
        } finally {
            lock.unlock();
        }
    }

    private void succeeded(int count) {
        long lostMeanwhile;
        lock.lock();
        try {
            callSince = null;
            written += remove(count);
            // Losses of a sink that is merely slow are summed up once it has caught up.
            boolean isWell = failingSince != null || waiting.isEmpty();
            lostMeanwhile = isWell ? lostInOutage : 0;
            lostInOutage = isWell ? 0 : lostInOutage;
            failingSince = null;
            failures = 0;
            attempts = 0;
            batch = BATCH;
        } finally {
            lock.unlock();
        }
        failing.worked();
        if (lostMeanwhile > 0) {
            LOG.warn("audit sink {} writes again; {} records were lost meanwhile", name, lostMeanwhile);
        }
    }

    private void failed(int count, Throwable e) {
        lock.lock();
        try {
            failingSince = failingSince == null ? callSince : failingSince;
            callSince = null;
            lastFailure = e.getClass().getName();
            failures++;
            attempts++;
            if (attempts >= ATTEMPTS) {
                int given = remove(count);
                lost += given;
                lostInOutage += given;
                attempts = 0;
            }
            batch = Math.max(1, count / 2);
        } finally {
            lock.unlock();
        }
        failing.failed(e);
    }

    /** Answers how many still stood there: none if they were given up while the sink hung. */
    private int remove(int count) {
        int removed = 0;
        while (removed < count && waiting.poll() != null) {
            removed++;
        }
        return removed;
    }

    /**
     * Waits until there may be something to do: a record, the end of a pause after a failure that doubles with each one
     * up to 64 times the first, or the time to look at windows.
     *
     * @return false once the queue is closed
     */
    boolean await(long firstPauseNanos, long tickNanos) throws InterruptedException {
        lock.lock();
        try {
            if (isClosed) {
                return false;
            }
            boolean isPause = failures > 0;
            long left = isPause ? firstPauseNanos << Math.min(failures - 1, MAX_DOUBLINGS) : tickNanos;
            while (left > 0 && !isClosed && (isPause || waiting.isEmpty())) {
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more records; what waits is offered once more. */
    void close() {
        lock.lock();
        try {
            isClosed = true;
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
            left = waiting.size();
            waiting.clear();
            lost += left;
        } finally {
            lock.unlock();
        }
        if (left > 0) {
            LOG.error("audit sink {}: {} records are lost at the end", name, left);
        }
    }

    AuditSinkStatus status() {
        lock.lock();
        try {
            return new AuditSinkStatus(name, waiting.size(), written, lost, failingSince, lastFailure, callSince);
        } finally {
            lock.unlock();
        }
    }
}
