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
import java.util.ArrayList;
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
    private final Set<RecordKey> unreadable = new HashSet<>();
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

    /** The last one that was written is listed as one that does not open. */
    synchronized void makeUnreadable(RecordKey key) {
        unreadable.add(key);
    }

    @Override
    public synchronized Optional<SharedRecord> read(RecordKey key, Instant now) {
        return Optional.ofNullable(records.get(key)).filter(found -> !found.isForgotten(now));
    }

    @Override
    public synchronized boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
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
        List<UnreadableRecord> damaged = new ArrayList<>();
        first.stream()
                .filter(one -> unreadable.contains(one.key()))
                .forEach(one -> damaged.add(new UnreadableRecord(one.key(), one.version())));
        return new RecordPage(
                first.stream().filter(one -> !unreadable.contains(one.key())).toList(),
                damaged,
                first.size() == all.size()
                        ? Optional.empty()
                        : Optional.of(first.get(first.size() - 1).key().item()));
    }
}
