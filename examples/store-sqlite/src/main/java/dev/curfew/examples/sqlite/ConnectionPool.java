package dev.curfew.examples.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A few connections that threads take one after another, in the order in which they came. Thread-safe.
 *
 * <p>SQLite lets one transaction write at a time. A pool of one connection makes the threads of this process queue
 * here, fairly and without a delay; only processes wait for each other by asking SQLite again and again.
 */
final class ConnectionPool {
    private final int size;
    private final BlockingQueue<Slot> free;
    private boolean isClosed;

    ConnectionPool(Place place, int size) {
        this.size = size;
        this.free = new ArrayBlockingQueue<>(size, true);
        for (int i = 0; i < size; i++) {
            free.add(new Slot(place));
        }
    }

    /**
     * Takes a connection's place, also on an interrupted thread if one is free.
     *
     * @return the place, or null if none became free in time
     * @throws InterruptedException if this thread had to wait and was interrupted
     */
    @Nullable
    Slot take(long nanos) throws InterruptedException {
        Slot slot = free.poll();
        return slot != null ? slot : free.poll(nanos, TimeUnit.NANOSECONDS);
    }

    /** As one step with the begin of {@link #close}: a place is closed here, or lies there for it. */
    synchronized void giveBack(Slot slot) {
        if (isClosed) {
            slot.close();
        }
        free.add(slot);
    }

    /** Ends the connections that nobody uses now; whoever uses one notices by itself what is wrong with it. */
    void discardFree() {
        List<Slot> slots = new ArrayList<>();
        free.drainTo(slots);
        slots.forEach(Slot::discard);
        slots.forEach(this::giveBack);
    }

    /** Closes each connection that becomes free in time, and the others once they are given back. */
    void close(long nanos) {
        synchronized (this) {
            isClosed = true;
        }
        long deadline = System.nanoTime() + nanos;
        for (int i = 0; i < size; i++) {
            Slot slot = takeUninterruptibly(deadline);
            if (slot != null) {
                slot.close();
            }
        }
    }

    /** A thread that is interrupted because its host ends is the very one that closes. */
    private @Nullable Slot takeUninterruptibly(long deadline) {
        boolean isInterrupted = false;
        try {
            while (true) {
                try {
                    return take(deadline - System.nanoTime());
                } catch (InterruptedException e) {
                    isInterrupted = true;
                }
            }
        } finally {
            if (isInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
