package dev.curfew.examples.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Does something at a fixed rate, by a schedule that waits for no answer: what is late is late by its schedule, so that
 * a server that stands still is seen in each act that it has kept waiting. For one caller.
 */
final class OpenLoop {
    /** How long after the last act is due it may still begin. */
    private static final Duration GRACE = Duration.ofMillis(500);

    /** More than any store takes. */
    private static final double MOST_PER_SECOND = 50_000;

    private final double perSecond;
    private final int count;
    private final IntConsumer act;
    private final AtomicInteger next = new AtomicInteger();
    private final LongAdder failures = new LongAdder();
    private final long[] nanos;
    private final CountDownLatch begin = new CountDownLatch(1);
    private volatile long begunNanos;

    private OpenLoop(double perSecond, Duration duration, IntConsumer act) {
        this.perSecond = perSecond;
        this.count = (int) Math.max(1, Math.round(perSecond * duration.toNanos() / 1e9));
        this.act = act;
        this.nanos = new long[count];
    }

    /** What came of it. Immutable. */
    static final class Outcome {
        private final long[] nanos;
        private final double seconds;
        private final long failed;

        private Outcome(long[] nanos, double seconds, long failed) {
            this.nanos = nanos;
            this.seconds = seconds;
            this.failed = failed;
        }

        /** How long after it was due each act ended that was done. */
        Durations latencies() {
            return latencies(number -> true);
        }

        /** The same of some of them, by their numbers. */
        Durations latencies(IntPredicate which) {
            long[] done = IntStream.range(0, nanos.length)
                    .filter(which)
                    .mapToLong(number -> nanos[number])
                    .filter(one -> one > 0)
                    .toArray();
            return new Durations(done.length == 0 ? new long[] {Long.MAX_VALUE} : done);
        }

        /** How many were done in a second. */
        double perSecond() {
            return Arrays.stream(nanos).filter(one -> one > 0).count() / seconds;
        }

        /** How many ended with an exception. */
        long failed() {
            return failed;
        }
    }

    /** How many a second so many threads do that wait for each answer. */
    static double most(Duration duration, int threads, IntConsumer act) {
        // Each is due at once; what is not begun in time is not done.
        OpenLoop loop = new OpenLoop(MOST_PER_SECOND, duration, act);
        return loop.run(threads, duration.toNanos()).perSecond();
    }

    /** Does it for so long, by so many threads; an act gets its number. */
    static Outcome run(double perSecond, Duration duration, int threads, IntConsumer act) {
        return new OpenLoop(perSecond, duration, act)
                .run(threads, duration.plus(GRACE).toNanos());
    }

    private Outcome run(int threads, long nanosToBegin) {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            Thread thread = new Thread(() -> work(nanosToBegin), "open-loop");
            thread.setDaemon(true);
            thread.start();
            all.add(thread);
        }
        begunNanos = System.nanoTime();
        begin.countDown();
        all.forEach(OpenLoop::join);
        double seconds = Math.max(count / perSecond, (System.nanoTime() - begunNanos) / 1e9);
        return new Outcome(nanos, seconds, failures.sum());
    }

    private void work(long nanosToBegin) {
        try {
            begin.await();
            long lastNanos = begunNanos + nanosToBegin;
            for (int number = next.getAndIncrement(); number < count; number = next.getAndIncrement()) {
                long due = dueNanos(number);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (System.nanoTime() - lastNanos > 0) {
                    return;
                }
                doOne(number, due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void doOne(int number, long due) {
        try {
            act.accept(number);
            nanos[number] = Math.max(1, System.nanoTime() - due);
        } catch (RuntimeException e) {
            failures.increment();
            if (failures.sum() == 1) {
                System.err.println("  an act failed: " + e);
            }
        }
    }

    private long dueNanos(int number) {
        return begunNanos + (long) (number * 1e9 / perSecond);
    }

    private static void join(Thread thread) {
        try {
            thread.join(TimeUnit.MINUTES.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
