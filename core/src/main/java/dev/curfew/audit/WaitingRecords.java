package dev.curfew.audit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The records that wait for a sink, up to a number; none is taken once it is closed. Guarded by its owner. */
final class WaitingRecords {
    private final Deque<AuditRecord> records = new ArrayDeque<>();
    private final int capacity;
    private boolean isClosed;

    WaitingRecords(int capacity) {
        this.capacity = capacity;
    }

    /** Takes a record if there is room for it; half of the room is for what is not of low priority. */
    boolean offer(AuditRecord record, boolean isLowPriority) {
        return !isClosed && records.size() < (isLowPriority ? capacity / 2 : capacity) && records.add(record);
    }

    /** {@return the oldest ones, which stay} */
    List<AuditRecord> oldest(int most) {
        return records.stream().limit(most).toList();
    }

    /** Removes the oldest ones; answers how many there were: none if they were given up while the sink hung. */
    int remove(int count) {
        int removed = 0;
        while (removed < count && records.poll() != null) {
            removed++;
        }
        return removed;
    }

    int size() {
        return records.size();
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    void close() {
        isClosed = true;
    }

    boolean isClosed() {
        return isClosed;
    }
}
