package dev.curfew.replica;

import dev.curfew.check.OutagePolicy;
import dev.curfew.check.RevocationSource;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.meter.Meter;
import dev.curfew.revocation.Revocation;
import dev.curfew.revocation.RevocationTarget;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.session.SubjectId;
import dev.curfew.store.ClocksDifferException;
import dev.curfew.store.HostTransaction;
import dev.curfew.store.PendingRevocation;
import dev.curfew.store.Precondition;
import dev.curfew.store.RevocationRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.StoreSettings;
import dev.curfew.store.StoreUnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
    private final RevocationIndex index;
    private final Freshness freshness;
    private final FeedTailer tailer;
    private final RecentRevocations recent;
    private final ReceivedRevocations received = new ReceivedRevocations();
    private final OwedRevocations owed;
    private final NodeTime time;
    private final ClockComparison clocks;
    private final Duration nodeSkew;
    private final IndexSource source;
    private final SessionStore store;

    private RevocationReplica(Builder builder) {
        RevokedDecisions decisions = new RevokedDecisions(builder.maxStaleness);
        this.time = new NodeTime(builder.clock, builder.ticker);
        this.nodeSkew = builder.settings.nodeSkew();
        this.clocks = new ClockComparison(nodeSkew);
        this.index = new RevocationIndex(decisions);
        this.freshness = new Freshness(builder.ticker, builder.maxStaleness);
        this.recent = new RecentRevocations(builder.ticker);
        this.owed = new OwedRevocations(builder.store);
        FeedMeters meters = new FeedMeters();
        this.tailer = new FeedTailer(
                builder.store,
                new FeedReader(builder.store.feed(), time, clocks, meters),
                new FeedIntake(
                        index, new FeedNews(recent, received, time, meters, nodeSkew), owed, time, builder.settings),
                freshness,
                owed,
                time,
                meters,
                builder.pollPeriod);
        RevocationSource whileLoading = RevocationSource.ofStore(builder.store, builder.maxInFlight, builder.patience);
        this.source =
                new IndexSource(index, freshness, tailer, whileLoading, decisions, builder.clock, builder.patience);
        this.store = new ReplicatingStore(builder.store, builder.settings, this);
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

    /**
     * Starts a checker that answers from this replica.
     *
     * @return a builder with this replica's clock
     */
    public TokenRevocationChecker.Builder checker() {
        return TokenRevocationChecker.replicated(source, store).clock(time.clock());
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
        return new ReplicatedTransaction(transaction, this);
    }

    /**
     * How well this node keeps up. Costs a few reads of memory, and for the number of entries a short wait for the
     * writer's turn.
     *
     * @return a snapshot
     */
    public IndexStatus status() {
        long now = time.millis();
        return new IndexStatus(
                tailer.isFollowing(),
                freshness.isFresh(now),
                freshness.age(now),
                index.size(),
                tailer.position(),
                owed.unconfirmed(),
                clocks.difference(),
                tailer.meters().newestDelay(),
                tailer.lastError());
    }

    /**
     * What was recorded in the last ten minutes, wherever, as far as this node has heard of it.
     *
     * @return entries without births, in the order of their arrival; at most 500,000
     */
    public List<Revocation> recent() {
        return recent.all();
    }

    /**
     * By how much the clocks of this node and of the store differ, if that is more than the node skew, so that one of
     * them must be wrong.
     *
     * @return the node's clock less the store's, as of the last read of the feed
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
        owed.whenConfirmed(Objects.requireNonNull(listener, "listener"));
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
        received.listener(listener);
    }

    /**
     * How well this node keeps up, for metrics: {@code curfew.index.age}, {@code .entries}, {@code .fresh} and {@code
     * .unrecorded}, {@code curfew.feed.reads} and {@code .gaps}, {@code curfew.propagation}, and {@code
     * curfew.clock.difference}.
     *
     * @return meters
     */
    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(tailer.meters().meters());
        meters.addAll(new IndexMeters(this::status).meters());
        return meters;
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

    /** Nothing is removed for good while one of the clocks must be wrong. */
    void requireClocksAgree() {
        clocks.tooLarge().ifPresent(difference -> {
            throw new ClocksDifferException(difference, nodeSkew);
        });
    }

    /** A call of this node begins that may record something. */
    ReceivedRevocations.OwnCall ownCall() {
        return received.begin();
    }

    /** Takes in what other nodes have recorded, before the feed brings it. */
    void learn(Collection<Revocation> entries, Instant now) {
        if (!entries.isEmpty()) {
            received.learnt(add(entries, now), now);
        }
    }

    /** Takes in what this node records itself. Answers what was news. */
    List<Revocation> add(Collection<Revocation> entries, Instant now) {
        Instant forgetting = time.forgetting(now);
        List<Revocation> news = index.addAll(entries, forgetting);
        news.forEach(entry -> recent.addIfRecent(entry, forgetting));
        return news;
    }

    /**
     * Takes in what the store has just acknowledged to this node; the feed is to bring it too, unless it has already.
     */
    void acknowledged(Collection<Revocation> entries, Instant now) {
        for (Revocation entry : index.addAll(entries, time.forgetting(now))) {
            recent.add(entry);
            owed.await(entry, time.nanos());
        }
    }

    /**
     * As {@link #acknowledged}, for an act that a read may have shown open: what it covered meanwhile ends in the same
     * step.
     */
    void closed(LookupKey act, Revocation entry, Instant now) {
        if (index.close(act, entry, time.forgetting(now))) {
            recent.add(entry);
            owed.await(entry, time.nanos());
        }
    }

    /** The newest cut-off that this node knows of that a cut-off of this target must lie behind. */
    Instant newestCutOff(RevocationTarget target) {
        return index.newestCutOff(target.key(), target.realm());
    }

    /** Holds what an act revokes that the store has not answered, and goes on recording it. */
    void insist(RevocationRequest fixed, Precondition precondition, Instant now) {
        add(List.of(fixed.fixed().orElseThrow()), now);
        owed.insist(fixed, precondition);
    }

    /** The act with the instants of its first call, if the store has not answered it; else the request itself. */
    RevocationRequest asInsisted(RevocationRequest request) {
        return owed.insisted(request.act()).orElse(request);
    }

    void answered(RevocationRequest request) {
        owed.answered(request.act());
    }

    Instant newestCutOff(SubjectId subject) {
        return index.newestCutOff(subject.key(), subject.realm().key());
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
                throw new IllegalArgumentException("maxInFlight must be positive");
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
            if (!loadWithin.isZero() && !replica.tailer.awaitLoaded(loadWithin)) {
                Throwable cause = replica.status().lastError().orElse(null);
                boolean isBeyondWaiting = replica.tailer.isBeyondWaiting();
                replica.close();
                if (isBeyondWaiting && cause != null) {
                    throw new StoreUnavailableException(
                            "the load of all revocations (" + FailureText.of(cause) + ")", cause);
                }
                throw new StoreUnavailableException(
                        "the load of all revocations (raise loadWithin, now " + loadWithin
                                + ", or set it to zero to let checks ask the store meanwhile)",
                        cause);
            }
            return replica;
        }
    }
}
