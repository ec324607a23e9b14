package dev.curfew.replica;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.work.RecentSet;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this node has to record in its store until the store answers, in small batches. Any thread may add; one flushes.
 *
 * <p>These are, in this order: acts that the store did not answer; entries of such acts beyond the number that is
 * remembered by name, and entries that the store confirmed and then lost; after a loss of data, all that this node
 * remembers.
 */
final class PendingRecords {
    private static final Logger LOG = LoggerFactory.getLogger(PendingRecords.class);
    private static final int BATCH = 100;
    private static final int ACTS_AT_ONCE = 20;
    private static final int MOST = 100_000;
    private static final int MOST_MET = 10_000;

    /** Entries that join are recorded as one. */
    private record Key(RevocationTarget target, Optional<ExemptSession> exempt) {
        static Key of(Revocation entry) {
            return new Key(entry.target(), entry.exempt());
        }
    }

    private final SessionStore store;
    private final UnansweredActs acts;
    private final ConcurrentHashMap<Key, Revocation> entries = new ConcurrentHashMap<>();

    /** What the store acknowledged and the feed has not brought yet, with the ticker's reading of that moment. */
    private final ConcurrentHashMap<Revocation, Long> acknowledged = new ConcurrentHashMap<>();

    /** What calls of this node have met in the store before the feed has brought it. */
    private final RecentSet<Revocation> met = new RecentSet<>(MOST_MET);

    /** Hears of what the store has confirmed at last. */
    private volatile Consumer<List<Revocation>> listener = batch -> {};

    /** Of the thread that flushes alone. */
    private final Deque<Revocation> remembered = new ArrayDeque<>();

    PendingRecords(SessionStore store) {
        this.store = store;
        this.acts = new UnansweredActs(store, MOST);
    }

    void whenConfirmed(Consumer<List<Revocation>> newListener) {
        this.listener = newListener;
    }

    /** Goes on recording an act, under its name and with the instants that are fixed in it, until the store answers. */
    void enqueue(RevocationRequest fixed, Precondition precondition) {
        if (!acts.add(fixed, precondition)) {
            enqueue(fixed.fixed().orElseThrow());
        }
    }

    /** The same act with its instants, if it is one that the store has not answered yet. */
    Optional<RevocationRequest> find(LookupKey act) {
        return acts.find(act);
    }

    /** The store has answered an act. */
    void answered(LookupKey act) {
        acts.answered(act);
    }

    /** Goes on recording an entry until the store answers. */
    void enqueue(Revocation entry) {
        Key key = Key.of(entry);
        if (entries.size() >= MOST && !entries.containsKey(key)) {
            LOG.error("a revocation that the store did not confirm is known to this node alone: {}", entry);
        } else {
            entries.merge(key, entry, Revocation::join);
        }
    }

    /**
     * Expects the feed to bring an entry that the store has acknowledged to this node. A read that was sent later and
     * caught up without it shows that the store has lost it, in a failover say, before anybody read it; then it is
     * recorded again.
     */
    void expectOnFeed(Revocation entry, long acknowledgedNanos) {
        if (acknowledged.size() < MOST) {
            acknowledged.put(entry, acknowledgedNanos);
        }
    }

    /** A call has met an entry in the store that this node did not know. */
    void met(Revocation entry) {
        met.add(entry);
    }

    /** Whether a call has met it, and the feed has not brought it since. */
    boolean isMet(Revocation entry) {
        return met.contains(entry);
    }

    /** The feed has brought these. */
    void arrived(List<Revocation> arrivals) {
        if (!met.isEmpty()) {
            arrivals.forEach(met::remove);
        }
        if (!acknowledged.isEmpty()) {
            arrivals.forEach(acknowledged::remove);
        }
    }

    /** A read that was sent then has brought all that there was. */
    void caughtUp(long sentNanos) {
        acknowledged.forEach((entry, acknowledgedNanos) -> {
            if (acknowledgedNanos - sentNanos < 0 && acknowledged.remove(entry) != null) {
                LOG.debug("not on the feed, and recorded again: {}", entry);
                enqueue(entry);
            }
        });
    }

    /** This node has closed an entry whose host had not said yet that it had committed: nobody else tells of it. */
    void closed(Revocation entry) {
        listener.accept(List.of(entry));
    }

    /** The store lost data: all of these are recorded again, of which it writes only what it does not know. */
    void reRecord(List<Revocation> everything) {
        LOG.info("{} revocations that this node remembers are recorded again", everything.size());
        remembered.clear();
        remembered.addAll(everything);
    }

    /** {@return how many revocations the store has not confirmed; what it knew once does not count} */
    int size() {
        return entries.size() + acts.size();
    }

    /** Records one batch; answers whether there is more. */
    boolean flush(Instant now) {
        if (acts.size() > 0) {
            confirmed(acts.flush(ACTS_AT_ONCE, now));
            return size() > 0 || !remembered.isEmpty();
        }
        List<Revocation> batch = entries.values().stream().limit(BATCH).toList();
        if (!batch.isEmpty()) {
            store.record(batch, now);
            batch.forEach(entry -> entries.remove(Key.of(entry), entry));
            confirmed(batch);
        } else if (!remembered.isEmpty()) {
            List<Revocation> some = remembered.stream().limit(BATCH).toList();
            store.record(some, now);
            some.forEach(entry -> remembered.removeFirst());
        }
        return !entries.isEmpty() || !remembered.isEmpty();
    }

    private void confirmed(List<Revocation> batch) {
        listener.accept(batch);
        LOG.info("{} revocations that the store had not confirmed are recorded now", batch.size());
    }

    /** One more attempt at the end, for what nobody else knows. */
    void flushRest(Instant now) {
        try {
            while (size() > 0) {
                flush(now);
            }
        } catch (RuntimeException e) {
            LOG.error("{} revocations that the store has not confirmed are lost: {}", size(), FailureText.of(e));
        }
    }
}
