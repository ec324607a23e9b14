package dev.curfew.deliver;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that works off a lane until it is closed. Thread-safe. */
final class LaneThread {
    private static final Logger LOG = LoggerFactory.getLogger(LaneThread.class);
    private static final long CLOSE_MILLIS = 5_000;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isStarted;

    boolean isStarted() {
        return isStarted;
    }

    boolean isClosed() {
        return closed.getCount() == 0;
    }

    /** Starts it once. */
    synchronized void start(FeedLane lane) {
        if (!isStarted) {
            Thread thread = new Thread(() -> run(lane), "curfew-deliveries");
            thread.setDaemon(true);
            thread.start();
            isStarted = true;
        }
    }

    private void run(FeedLane lane) {
        try {
            boolean isOver = isClosed();
            while (!isOver) {
                isOver = restUnlessClosed(lane.turn());
            }
            lane.release();
        } finally {
            ended.countDown();
        }
    }

    /** Answers whether it is closed. */
    private boolean restUnlessClosed(Duration rest) {
        try {
            return closed.await(rest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread, and it must not end.
            LOG.warn("interrupted, and goes on");
            return isClosed();
        }
    }

    /** Ends after the step that is under way, for which it waits a while. */
    void close() {
        closed.countDown();
        if (isStarted) {
            try {
                if (!ended.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                    LOG.info("the store does not answer; the thread of deliveries ends once it does");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
