package dev.curfew.replica;

import dev.curfew.check.OutagePolicy;
import dev.curfew.check.RevocationDecision;
import dev.curfew.check.RevocationSource;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.TokenFacts;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * This node's replica of all live revocations, kept up to date by a thread that follows the store's feed. Thread-safe.
 *
 * <p>A check against it costs a few look-ups in memory: no I/O, no lock, no allocation. It is never older than {@link
 * Builder#maxStaleness}: past that age, checks await one catch-up that they share, and if that fails, nobody can say,
 * and the {@link OutagePolicy} answers.
 */
public final class RevocationReplica implements AutoCloseable {
    private final OwnCalls calls;
    private final FeedTailer tailer;
    private final StatusReader status;
    private final ClockComparison clocks;
    private final Clock clock;
    private final NodeTime time;
    private final Duration patience;
    private final IndexSource source;
    private final SessionStore store;

    private RevocationReplica(Builder builder) {
        this.time = new NodeTime(builder.clock, builder.ticker);
        this.patience = builder.patience;
        FeedMeters meters = new FeedMeters();
        ReplicaListeners listeners = new ReplicaListeners();
        RevocationIndex index = new RevocationIndex(new RevokedDecisions(builder.maxStaleness), listeners);
        RecentRevocations recent = new RecentRevocations(builder.ticker);
        ReceivedRevocations received = new ReceivedRevocations();
        PendingRecords pending = new PendingRecords(builder.store);
        this.clocks = new ClockComparison(builder.settings.nodeSkew());
        this.calls = new OwnCalls(index, recent, received, pending, listeners, time);

        FeedReader reader = new FeedReader(builder.store.feed(), time, clocks, meters);
        FeedIntake intake = new FeedIntake(
                index,
                new NewRevocations(recent, received, time, meters, builder.settings.nodeSkew()),
                pending,
                new LostRevocations(index, recent, pending, time, builder.settings),
                listeners,
                time);
        GapRecovery recovery = new GapRecovery(index, recent, pending, meters);
        Freshness freshness = new Freshness(builder.ticker, builder.maxStaleness);
        ReadTimer timer = new ReadTimer(builder.pollPeriod.toNanos(), builder.ticker);
        this.tailer = new FeedTailer(
                new FeedFollower(reader, intake, freshness, recovery, new ReloadSchedule(time)),
                new FeedUpkeep(index, pending, recovery, reader, time),
                new HintListening(builder.store, timer::hint, time),
                timer,
                new BackOff(builder.pollPeriod, builder.ticker, meters));
        this.status = new StatusReader(index, tailer, reader, clocks, time);

        this.source = new IndexSource(
                index,
                tailer,
                RevocationSource.ofStore(builder.store, builder.maxInFlight, builder.patience),
                time,
                builder.patience);
        this.store = new ReplicatingStore(builder.store, builder.settings, calls, clocks);
        this.clock = builder.clock;
    }

    /**
     * Starts a replica.
     *
     * @param store opened with these settings; not another replica's
     * @param settings with which it was opened
     * @return a builder
     */
    public static Builder of(SessionStore store, StoreSettings settings) {
        return new Builder(store, settings);
    }

    /** {@return a builder of checkers that answer from this replica, with its clock} */
    public TokenRevocationChecker.Builder checker() {
        return TokenRevocationChecker.replicated(source, store).clock(clock);
    }

    /**
     * The same store, to be used for everything on this node: what it acknowledges is known to checks here before it
     * returns.
     *
     * @return a store that delegates
     */
    public SessionStore store() {
        return store;
    }

    /**
     * The same transaction of the host: what is committed in it is known to checks here before
     * {@link PendingRevocation#committed} returns.
     *
     * @param transaction that the host's store has joined
     * @return a transaction that delegates
     */
    public HostTransaction join(HostTransaction transaction) {
        return new ReplicatedTransaction(transaction, calls);
    }

    /**
     * How well this node keeps up. Costs a few reads of memory, and for the number of entries a short wait for the
     * writer's turn.
     *
     * @return a snapshot
     */
    public IndexStatus status() {
        return status.status();
    }

    /**
     * {@return what was recorded in the last ten minutes, on whatever node, as far as this one has heard of it: entries
     * without births, in the order of their arrival, at most 500,000}
     */
    public List<Revocation> recent() {
        return calls.recent();
    }

    /**
     * {@return by how much this node's clock is ahead of the store's, as of the last read of the feed, if they differ
     * by more than the node skew, so that one of them must be wrong}
     */
    public Optional<Duration> clockTrouble() {
        return clocks.tooLarge();
    }

    /**
     * Sets who hears of revocations that the store has confirmed at last, after it had not answered the call that
     * wanted them, or had lost them. One listener; it is called on the replica's thread, and must neither block nor
     * throw.
     *
     * @param listener for example to tell their events
     */
    public void whenConfirmed(Consumer<List<Revocation>> listener) {
        calls.whenConfirmed(Objects.requireNonNull(listener, "listener"));
    }

    /**
     * Sets who hears of revocations that other nodes have recorded, as soon as this node learns of them: from the feed,
     * or because the store refused a call of this node for their sake. What this node knows when this is called is not
     * told, nor what it records itself, unless the store had not answered the call. Each is told once, except after a
     * loss of data.
     *
     * <p>One listener; it is called on the replica's thread or on that of a call, with the instant at which they came.
     * It must not block; what it throws is logged and changes nothing.
     *
     * @param listener for example to tell their events
     */
    public void whenReceived(BiConsumer<List<Revocation>, Instant> listener) {
        calls.whenReceived(listener);
    }

    /**
     * Adds one who hears what this node learns as it learns it, from now on; there is no way to take it out again.
     *
     * @param listener for example to drop from a cache what was exchanged elsewhere
     */
    public void listen(ReplicaListener listener) {
        calls.listen(listener);
    }

    /**
     * Whether this node follows the feed: it has loaded everything, and waits for what is new. While it does not,
     * checks ask the store.
     *
     * @return false while it loads, and after something that it could not read
     */
    public boolean isFollowing() {
        return tailer.isFollowing();
    }

    /**
     * Whether this node follows the feed and is not older than {@link Builder#maxStaleness}. To be asked before
     * anything is looked at that a {@link ReplicaListener} keeps: whatever came with the read that made it fresh is
     * seen then. No I/O.
     *
     * @return true if what listeners know may be believed
     */
    public boolean isFresh() {
        return tailer.isFollowing() && tailer.freshness().isFresh(time.millis());
    }

    /**
     * The same, after one catch-up that all share if it is needed: no I/O as a rule, else one round trip, or no waiting
     * at all while the store is known to be down.
     *
     * @return true if what listeners know may be believed
     */
    public boolean awaitFresh() {
        if (isFresh()) {
            return true;
        }
        if (!tailer.isFollowing() || !tailer.catchUp(patience)) {
            return false;
        }
        // The read that was under way may have been sent too long ago itself; then the next one decides.
        return isFresh() || tailer.catchUpFromNow(patience) && isFresh();
    }

    /**
     * What this node knows of a credential just now, for whoever hears by a {@link ReplicaListener} what comes after
     * it. A few look-ups in memory; it never waits. Its times are not looked at.
     *
     * @param facts of the credential
     * @return revoked, active, or nothing or unknown if this node cannot say at once that it is not revoked
     */
    public Optional<RevocationDecision> decideNow(TokenFacts facts) {
        return Optional.ofNullable(source.decideWithoutWaiting(facts, time.millis()));
    }

    /**
     * How well this node keeps up, for metrics: {@code curfew.index.age}, {@code .entries}, {@code .fresh} and {@code
     * .unrecorded}, {@code curfew.feed.reads} and {@code .gaps}, {@code curfew.propagation}, and {@code
     * curfew.clock.difference}.
     *
     * @return meters
     */
    public List<Meter> meters() {
        return status.meters();
    }

    /**
     * Awaits a read of the feed that is sent after this call, shared with all who ask meanwhile: one round trip for
     * each partition of the store at most.
     *
     * @param patience how long to wait
     * @return true if this node then knew all that the store had acknowledged before this call
     */
    public boolean catchUp(Duration patience) {
        return tailer.catchUpFromNow(patience);
    }

    /** Ends the thread. Checks then refuse what is not known to be revoked, once the replica is too old. */
    @Override
    public void close() {
        tailer.close();
    }

    /** The settings of a {@link RevocationReplica}. Confined to one thread. */
    public static final class Builder {
        private static final int POLLS_OF_STALENESS = 3;

        private final SessionStore store;
        private final StoreSettings settings;
        private Clock clock = Clock.systemUTC();
        private LongSupplier ticker = System::nanoTime;
        private Duration maxStaleness = Duration.ofSeconds(5);
        private Duration pollPeriod = Duration.ofSeconds(1);
        private Duration patience = Duration.ofSeconds(2);
        private int maxInFlight = 64;
        private Duration loadWithin = Duration.ofMinutes(2);

        private Builder(SessionStore store, StoreSettings settings) {
            this.store = Objects.requireNonNull(store, "store");
            this.settings = Objects.requireNonNull(settings, "settings");
        }

        /**
         * Sets the clocks: one that is read once for each operation, and one for elapsed time.
         *
         * @param value the system's by default
         * @param nanos {@link System#nanoTime} by default
         * @return this
         */
        public Builder clock(Clock value, LongSupplier nanos) {
            this.clock = Objects.requireNonNull(value, "clock");
            this.ticker = Objects.requireNonNull(nanos, "ticker");
            return this;
        }

        /**
         * Sets how old an answer may be, and how often to look for news where no hint comes.
         *
         * @param max 5 seconds by default
         * @param poll 1 second by default; at most a third of {@code max}
         * @return this
         */
        public Builder staleness(Duration max, Duration poll) {
            if (poll.isNegative()
                    || poll.isZero()
                    || poll.multipliedBy(POLLS_OF_STALENESS).compareTo(max) > 0) {
                throw new IllegalArgumentException(
                        "pollPeriod " + poll + " must be positive, and at most a third of maxStaleness " + max);
            }
            this.maxStaleness = max;
            this.pollPeriod = poll;
            return this;
        }

        /**
         * Sets how long a check waits for a catch-up or for the store, and how many may ask the store at a time.
         *
         * @param wait 2 seconds by default
         * @param max positive; 64 by default
         * @return this
         */
        public Builder patience(Duration wait, int max) {
            if (max < 1) {
                throw new IllegalArgumentException("maxInFlight must be positive, and is " + max);
            }
            this.patience = Objects.requireNonNull(wait, "wait");
            this.maxInFlight = max;
            return this;
        }

        /**
         * Sets how long {@link #start} waits until all revocations are loaded.
         *
         * @param value 2 minutes by default; zero to answer at once, with checks that ask the store until they are
         * @return this
         */
        public Builder loadWithin(Duration value) {
            this.loadWithin = Objects.requireNonNull(value, "loadWithin");
            return this;
        }

        /**
         * Starts the thread, and waits for the load if so set.
         *
         * @return the replica
         * @throws StoreUnavailableException if the load did not end in time, or at once if it failed in a way that no
         *     waiting mends, which the message then names
         */
        public RevocationReplica start() {
            RevocationReplica replica = new RevocationReplica(this);
            replica.tailer.start();
            try {
                if (!loadWithin.isZero()) {
                    replica.tailer.requireLoaded(loadWithin);
                }
            } catch (StoreUnavailableException e) {
                replica.close();
                throw e;
            }
            return replica;
        }
    }
}
