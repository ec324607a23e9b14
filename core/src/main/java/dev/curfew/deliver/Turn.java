package dev.curfew.deliver;

import dev.curfew.deliver.OutgoingException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Places that one request has taken among those that are under way; ended once. */
final class Turn {
    private final List<Semaphore> taken;

    private Turn(List<Semaphore> taken) {
        this.taken = taken;
    }

    /**
     * Takes one place of each, in their order.
     *
     * @throws OutgoingException if there is none in time; then none is taken
     */
    static Turn await(List<Semaphore> rooms, long deadline) {
        List<Semaphore> taken = new ArrayList<>();
        boolean complete = false;
        try {
            for (Semaphore room : rooms) {
                if (!room.tryAcquire(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    throw new OutgoingException(Reason.BUSY, "as many requests are under way as may be", null);
                }
                taken.add(room);
            }
            complete = true;
            return new Turn(taken);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutgoingException(Reason.BUSY, "interrupted while waiting for a place", e);
        } finally {
            if (!complete) {
                taken.forEach(Semaphore::release);
            }
        }
    }

    void end() {
        taken.forEach(Semaphore::release);
    }
}
