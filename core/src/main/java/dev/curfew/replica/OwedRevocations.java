package dev.curfew.replica;

import dev.curfew.revocation.ExemptSession;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
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
 * What this node has to tell its store: acts that the store did not answer, what it confirmed and then lost, and, after
 * a loss of data, all that this node remembers. It is recorded in small batches until the store answers. Any thread may
 * add; one tells.
 */
final class OwedRevocations {
    private static final Logger LOG = LoggerFactory.getLogger(OwedRevocations.class);
    private static final int BATCH = 100;
    private static final int ACTS_AT_ONCE = 20;
    private static final int MOST = 100_000;

    /** Entries that join are told as one. */
    private record Key(RevocationTarget target, Optional<ExemptSession> exempt) {
        static Key of(Revocation entry) {
            return new Key(entry.target(), entry.exempt());
        }
    }

    private final SessionStore store;
    private final InsistedActs insisted;
    private final ConcurrentHashMap<Key, Revocation> unconfirmed = new ConcurrentHashMap<>();

    /** What the store acknowledged and the feed has not brought yet, with the ticker's reading of that moment. */
    private final ConcurrentHashMap<Revocation, Long> awaited = new ConcurrentHashMap<>();

    /** Hears of what the store has confirmed at last. */
    private volatile Consumer<List<Revocation>> confirmed = batch -> {};

    /** Of the teller alone. */
    private final Deque<Revocation> reminders = new ArrayDeque<>();

    OwedRevocations(SessionStore store) {
        this.store = store;
        this.insisted = new InsistedActs(store, MOST);
    }

    /** Goes on recording an act, under its name and with the instants that are fixed in it, until the store answers. */
    void insist(RevocationRequest fixed, Precondition precondition) {
        if (!insisted.add(fixed, precondition)) {
            add(fixed.fixed().orElseThrow());
        }
    }

    /** The same act with its instants, if it is one that the store has not answered yet. */
    Optional<RevocationRequest> insisted(LookupKey act) {
        return insisted.find(act);
    }

    /** The store has answered an act. */
    void answered(LookupKey act) {
        insisted.answered(act);
    }

    void whenConfirmed(Consumer<List<Revocation>> listener) {
        this.confirmed = listener;
    }

    /** Goes on recording an entry until the store answers. */
    void add(Revocation entry) {
        Key key = Key.of(entry);
        if (unconfirmed.size() >= MOST && !unconfirmed.containsKey(key)) {
            LOG.error("a revocation that the store did not confirm is known to this node alone: {}", entry);
        } else {
            unconfirmed.merge(key, entry, Revocation::join);
        }
    }

    /**
     * Expects the feed to bring an entry that the store has acknowledged to this node. A read that was sent later and
     * caught up without it shows that the store has lost it, in a failover say, before anybody read it; then it is
     * recorded again.
     */
    void await(Revocation entry, long acknowledgedNanos) {
        if (awaited.size() < MOST) {
            awaited.put(entry, acknowledgedNanos);
        }
    }

    /** The feed has brought these. */
    void arrived(List<Revocation> entries) {
        if (!awaited.isEmpty()) {
            entries.forEach(awaited::remove);
        }
    }

    /** This node has closed these, whose hosts had not said yet that they had committed: nobody else tells of them. */
    void closed(List<Revocation> entries) {
        if (!entries.isEmpty()) {
            confirmed.accept(entries);
        }
    }

    /** A read that was sent then has brought all that there was. */
    void caughtUp(long sentNanos) {
        awaited.forEach((entry, acknowledgedNanos) -> {
            if (acknowledgedNanos - sentNanos < 0 && awaited.remove(entry) != null) {
                LOG.debug("not on the feed, and recorded again: {}", entry);
                add(entry);
            }
        });
    }

    /** The store lost data: it is told all of these again, and writes only what it does not know. */
    void remind(List<Revocation> remembered) {
        LOG.info("{} revocations that this node remembers are recorded again", remembered.size());
        reminders.clear();
        reminders.addAll(remembered);
    }

    int unconfirmed() {
        return unconfirmed.size() + insisted.size();
    }

    /** Records one batch; answers whether there is more. */
    boolean tellSome(Instant now) {
        if (insisted.size() > 0) {
            told(insisted.tell(ACTS_AT_ONCE, now));
            return unconfirmed() > 0 || !reminders.isEmpty();
        }
        List<Revocation> batch = unconfirmed.values().stream().limit(BATCH).toList();
        if (!batch.isEmpty()) {
            store.record(batch, now);
            batch.forEach(entry -> unconfirmed.remove(Key.of(entry), entry));
            told(batch);
        } else if (!reminders.isEmpty()) {
            List<Revocation> some = reminders.stream().limit(BATCH).toList();
            store.record(some, now);
            some.forEach(entry -> reminders.removeFirst());
        }
        return !unconfirmed.isEmpty() || !reminders.isEmpty();
    }

    private void told(List<Revocation> batch) {
        confirmed.accept(batch);
        LOG.info("{} revocations that the store had not confirmed are recorded now", batch.size());
    }

    /** One more attempt at the end, for what nobody else knows. */
    void tellTheRest(Instant now) {
        try {
            while (unconfirmed() > 0) {
                tellSome(now);
            }
        } catch (RuntimeException e) {
            LOG.error("{} revocations that the store has not confirmed are lost: {}", unconfirmed(), FailureText.of(e));
        }
    }
}
