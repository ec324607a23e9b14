package dev.curfew.status;

import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UnreadableRecord;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Records that lose their last writes, versions and all, as a failover does, and whose calls can fail. Thread-safe. */
final class LossyRecords implements SharedRecords {
    private final Map<RecordKey, SharedRecord> records = new HashMap<>();
    private final Deque<Runnable> undo = new ArrayDeque<>();
    private final Set<Integer> unreadable = new HashSet<>();
    private volatile Runnable beforeWrite = () -> {};
    private int writesLeft = Integer.MAX_VALUE;
    private int listingsLeft = Integer.MAX_VALUE;
    private int listings;

    /** Takes the last writes back. */
    synchronized void lose(int writes) {
        for (int i = 0; i < writes; i++) {
            undo.pop().run();
        }
    }

    /** Lets so many writes happen, and fails those that follow. */
    synchronized void failWritesAfter(int writes) {
        writesLeft = writes;
    }

    synchronized void failListingsAfter(int calls) {
        listingsLeft = calls;
    }

    synchronized void recover() {
        writesLeft = Integer.MAX_VALUE;
        listingsLeft = Integer.MAX_VALUE;
    }

    /** How many were asked for since this was asked last. */
    synchronized int listings() {
        int count = listings;
        listings = 0;
        return count;
    }

    /** What its thread does first, once. */
    void beforeNextWrite(Runnable action) {
        beforeWrite = action;
    }

    /** The page of this number is listed as one that does not open. */
    synchronized void makeUnreadable(int page) {
        unreadable.add(page);
    }

    @Override
    public synchronized Optional<SharedRecord> read(RecordKey key, Instant now) {
        return Optional.ofNullable(records.get(key)).filter(found -> !found.isForgotten(now));
    }

    @Override
    public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        Runnable first = beforeWrite;
        beforeWrite = () -> {};
        first.run();
        return writeNow(key, expected, value, forgetAfter, now);
    }

    private synchronized boolean writeNow(
            RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
        SharedRecords.requireWrite(expected, value, forgetAfter, now);
        if (writesLeft-- <= 0) {
            throw StoreUnavailableException.ofWrite("a write of this test", null);
        }
        if (read(key, now).map(SharedRecord::version).orElse(0L) != expected) {
            return false;
        }
        SharedRecord before = records.get(key);
        undo.push(before == null ? () -> records.remove(key) : () -> records.put(key, before));
        records.put(key, new SharedRecord(key, SharedRecords.nextVersion(expected), value, forgetAfter));
        return true;
    }

    @Override
    public boolean remove(RecordKey key, long expected, Instant now) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
        listings++;
        if (listingsLeft-- <= 0) {
            throw new StoreUnavailableException("a listing of this test", null);
        }
        List<SharedRecord> all = records.values().stream()
                .filter(one -> one.key().group().equals(group) && !one.isForgotten(now))
                .filter(one ->
                        after.isEmpty() || one.key().item().low() > after.get().low())
                .sorted(Comparator.comparingLong(one -> one.key().item().low()))
                .toList();
        List<SharedRecord> first = all.subList(0, Math.min(limit, all.size()));
        return new RecordPage(
                first.stream().filter(one -> !isUnreadable(one)).toList(),
                first.stream()
                        .filter(this::isUnreadable)
                        .map(one -> new UnreadableRecord(one.key(), one.version()))
                        .toList(),
                first.size() == all.size()
                        ? Optional.empty()
                        : Optional.of(first.get(first.size() - 1).key().item()));
    }

    private boolean isUnreadable(SharedRecord one) {
        return unreadable.contains((int) one.key().item().low());
    }
}
