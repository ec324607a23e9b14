package dev.curfew.lease;

import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.store.UndecodableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A right that one node at a time has, in one shared record, with a state that only its holder changes. Confined to one
 * thread, but for {@link #remaining}.
 *
 * <p>The holder measures its term by elapsed time, from just before the write that began it was sent, and asks
 * {@link #allows} before each act. Another node takes over once its wall clock is past the end that stands in the
 * record by more than clocks may differ. So two of whose clocks that is true never both act. An end that lies farther
 * away than any right clock can have written is not waited for: the record must then stand unchanged for a whole term.
 *
 * <p>Every change compares the version. Whoever was held up (a process that stood still with its clocks) may still
 * finish the act that it had begun, and then changes nothing.
 */
public final class Lease {
    private final SharedRecords records;
    private final RecordKey key;
    private final LeaseTerms terms;
    private final Clock clock;
    private final LongSupplier ticker;
    private final UUID self = UUID.randomUUID();

    private volatile @Nullable Held held;
    private @Nullable Watched watched;

    /**
     * Makes a lease that this node does not hold yet; no round trip.
     *
     * @param records of the store that the nodes share
     * @param key of the record
     * @param terms the same on all nodes
     * @param clock of this node
     * @param ticker elapsed time in nanoseconds, as {@link System#nanoTime}
     */
    public Lease(SharedRecords records, RecordKey key, LeaseTerms terms, Clock clock, LongSupplier ticker) {
        this.records = records;
        this.key = key;
        this.terms = terms;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** What this node holds since a reading of the ticker, under the version that its next write expects. */
    private record Held(long since, long version, LeaseRecord record) {}

    /** Which version this node has met, and when first. */
    private record Watched(long version, long since) {}

    /**
     * Holds the lease if this node has it or can take it. No round trip while it is not yet to be renewed; one to renew
     * it or to find it taken, two to take it, three if there was none.
     *
     * @return whether this node holds it now
     * @throws StoreUnavailableException if the store does not answer; what is held until then is held on
     * @throws UndecodableRecordException if what stands there is no lease that this node reads: of a later version,
     *     damaged, or sealed with a key that is not in the ring. Once it has stood there unchanged for a whole term and
     *     the skew, nobody renews it, and it is taken without its state
     */
    public boolean hold() {
        Held mine = held;
        if (mine != null && isBefore(mine.since, terms.renewEvery())) {
            return true;
        }
        if (mine != null && isBefore(mine.since, terms.term()) && write(mine.version, mine.record)) {
            return true;
        }
        held = null;
        try {
            Optional<SharedRecord> found = records.read(key, clock.instant());
            return found.isEmpty() ? create() : take(found.get());
        } catch (UndecodableRecordException e) {
            return takeUnread(e);
        }
    }

    /** Whoever can read it renews it, and so moves its version. */
    private boolean takeUnread(UndecodableRecordException e) {
        OptionalLong version = e.version();
        if (version.isEmpty() || !stoodStill(version.getAsLong())) {
            throw e;
        }
        return write(version.getAsLong(), LeaseRecord.first(self));
    }

    /** The first version is not known to its writer. */
    private boolean create() {
        Held written = written(0, LeaseRecord.first(self));
        if (written != null) {
            held = records.read(key, clock.instant())
                    .filter(standing -> LeaseRecord.decode(standing).owner().equals(self))
                    .map(standing -> new Held(written.since, standing.version(), written.record))
                    .orElse(null);
        }
        return held != null;
    }

    private boolean take(SharedRecord standing) {
        LeaseRecord theirs = LeaseRecord.decode(standing);
        if (theirs.owner().equals(self) || isOver(theirs, standing.version())) {
            return write(standing.version(), theirs);
        }
        return false;
    }

    private boolean isOver(LeaseRecord theirs, long version) {
        Instant now = clock.instant();
        if (!now.isBefore(theirs.until().plus(terms.nodeSkew()))) {
            return true;
        }
        boolean stoodStill = stoodStill(version);
        return theirs.until().isAfter(now.plus(longest())) && stoodStill;
    }

    private Duration longest() {
        return terms.term().plus(terms.nodeSkew());
    }

    /** Whether this node has met no other version for as long as a holder may be silent. */
    private boolean stoodStill(long version) {
        Watched since = watched;
        if (since == null || since.version != version) {
            since = new Watched(version, ticker.getAsLong());
            watched = since;
        }
        return !isBefore(since.since, longest());
    }

    /**
     * Writes the state, and renews. One round trip.
     *
     * @param state at most what a record holds
     * @return false if this node does not hold the lease any more, or a write before had no answer: {@link #hold} finds
     *     out, and {@link #state} what stands there; nothing was changed by this call
     * @throws StoreUnavailableException if the store does not answer; the state may be written or not
     */
    public boolean advance(byte[] state) {
        Held mine = held;
        return mine != null && isBefore(mine.since, terms.term()) && write(mine.version, mine.record.withState(state));
    }

    /** {@return what stands in the lease; nothing if this node does not hold it, no bytes if nobody has written any} */
    public Optional<byte[]> state() {
        Held mine = held;
        return mine == null ? Optional.empty() : Optional.of(mine.record.state().clone());
    }

    /** {@return how long this node may go on acting; zero if it does not hold the lease} Thread-safe. */
    public Duration remaining() {
        Held mine = held;
        long left = mine == null ? 0 : terms.term().toNanos() - (ticker.getAsLong() - mine.since);
        return Duration.ofNanos(Math.max(0, left));
    }

    /**
     * Whether an act ends while this node still holds the lease. Thread-safe.
     *
     * @param act how long it takes at most
     * @return whether it may begin
     */
    public boolean allows(Duration act) {
        return remaining().compareTo(act) > 0;
    }

    /**
     * Lets another node take over at once. One round trip; nothing if this node does not hold it.
     *
     * @throws StoreUnavailableException if the store does not answer; the lease ends by itself then
     */
    public void release() {
        Held mine = held;
        held = null;
        if (mine != null && isBefore(mine.since, terms.term())) {
            Instant now = clock.instant();
            LeaseRecord free = mine.record.heldBy(self, now.minus(terms.nodeSkew()));
            records.write(key, mine.version, free.encode(), now.plus(terms.kept()), now);
        }
    }

    /** A write whose answer is lost changes nothing here: what was held is held on, to its own end. */
    private boolean write(long expected, LeaseRecord next) {
        held = written(expected, next);
        return held != null;
    }

    /** What is held from then on, or null if another version stands there. */
    private @Nullable Held written(long expected, LeaseRecord next) {
        long since = ticker.getAsLong();
        Instant now = clock.instant();
        LeaseRecord mine = next.heldBy(self, now.plus(terms.term()));
        return records.write(key, expected, mine.encode(), now.plus(terms.kept()), now)
                ? new Held(since, expected + 1, mine)
                : null;
    }

    private boolean isBefore(long since, Duration end) {
        return ticker.getAsLong() - since < end.toNanos();
    }
}
