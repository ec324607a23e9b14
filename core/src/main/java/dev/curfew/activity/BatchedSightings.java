package dev.curfew.activity;

import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes sightings in batches on a thread of its own, a second after the first of them. Thread-safe.
 *
 * <p>Of each session the latest is written. What the store did not answer is kept and tried again after a few seconds,
 * of 10,000 sessions at most; the next request of any other one asks again. So a session that is in use ends early by
 * the interval between two writes, this second and the time that a call may take, and never late: whether it still
 * lives is judged when it is written.
 */
final class BatchedSightings implements LastSeenRoute {
    private static final int MOST_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final LastSeenWriter writer;
    private final OutagePause pause;
    private final WaitingSightings waiting = new WaitingSightings(MOST_WAITING);
    private final ScheduledThreadPoolExecutor thread = thread();

    /** Whether the thread will come by itself. */
    private final AtomicBoolean isScheduled = new AtomicBoolean();

    private volatile @Nullable Future<?> nextRound;

    BatchedSightings(LastSeenWriter writer, LongSupplier ticker) {
        this.writer = writer;
        this.pause = new OutagePause(ticker);
    }

    @Override
    public void touch(Caller caller) {
        writer.due(caller).ifPresent(this::add);
    }

    private void add(Sighting sighting) {
        if (thread.isShutdown()) {
            writer.failed(List.of(sighting), new RejectedExecutionException("the service is closed"));
        } else if (waiting.add(sighting, writer.now())) {
            schedule();
        } else {
            writer.failed(List.of(sighting), new RejectedExecutionException("too many sessions wait"));
        }
    }

    private void schedule() {
        if (isScheduled.compareAndSet(false, true)) {
            try {
                nextRound = thread.schedule(this::comeBy, PERIOD.toNanos(), TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                // It was closed meanwhile, and its last round may have begun: what is lost is an interval at most.
                isScheduled.set(false);
            } catch (Throwable e) {
                // No thread could be made: what waits is written when the next sighting comes.
                isScheduled.set(false);
                writer.delayed(e);
            }
        }
    }

    private void comeBy() {
        // Before it looks: what is added from here on schedules the next round.
        isScheduled.set(false);
        try {
            writeAll();
        } finally {
            if (!waiting.isEmpty()) {
                schedule();
            }
        }
    }

    private void writeAll() {
        boolean isAnswered = !pause.isOn();
        while (isAnswered) {
            List<Sighting> batch = waiting.take(BATCH);
            isAnswered = !batch.isEmpty() && isWritten(batch);
        }
    }

    private boolean isWritten(List<Sighting> batch) {
        try {
            writer.write(batch, writer.now());
            pause.answered();
            return true;
        } catch (StoreUnavailableException e) {
            pause.failed();
            writer.failed(refused(batch), e);
        } catch (Throwable e) {
            // No outage, so that the same may happen again with the same batch: it must not stop all that follow.
            pause.failed();
            writer.failed(batch, e);
        }
        return false;
    }

    private List<Sighting> refused(List<Sighting> batch) {
        Instant now = writer.now();
        return batch.stream().filter(one -> !waiting.add(one, now)).toList();
    }

    /** Writes what waits, for two seconds at most: what is lost then is an interval of "last seen". */
    @Override
    public void close() {
        Future<?> later = nextRound;
        if (later != null) {
            later.cancel(false);
        }
        try {
            thread.execute(this::writeAll);
        } catch (RejectedExecutionException e) {
            return;
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE.toNanos(), TimeUnit.NANOSECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** It is there while there is something to do, and for a minute after. */
    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "curfew-last-seen");
            made.setDaemon(true);
            return made;
        });
        thread.setKeepAliveTime(1, TimeUnit.MINUTES);
        thread.allowCoreThreadTimeOut(true);
        return thread;
    }
}
