package dev.curfew.watch;

import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.meter.Meter;
import dev.curfew.replica.RevocationReplica;
import dev.curfew.token.Caller;
import java.lang.invoke.VarHandle;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells connections that stay open, such as WebSockets and server-sent events, when their credential ends, on whatever
 * node that happens. Thread-safe; to be had from {@code SessionService.watches()}.
 *
 * <p>A check at the begin of a connection says nothing about the hours after it. A watch does: what this node's replica
 * learns is told within milliseconds. What another node records comes here as fast as its revocations do, and never
 * later than {@code maxStaleness} without the watch being told that this node is {@link WatchNews.Kind#UNSURE}.
 *
 * <p>What it judges is what the check judges: revocations, and the absolute end of token and session. For who called
 * with a session token the idle end counts too; a watch is no sign of life, so that the host reports those of the
 * connection ({@code touchLater}).
 */
public final class SessionWatches implements AutoCloseable {
    private final RevocationReplica replica;
    private final TokenRevocationChecker checker;
    private final Duration nodeSkew;
    private final WatchMeters meters = new WatchMeters();
    private final WatchDelivery delivery;
    private final WatchRegistry registry;
    private final IdleEnds idleEnds;
    private final WatchThread thread;
    private final AtomicLong numbers = new AtomicLong();
    private volatile boolean isClosed;

    private SessionWatches(Builder builder) {
        this.replica = builder.replica;
        this.checker = builder.checker;
        this.nodeSkew = builder.nodeSkew;
        this.delivery = new WatchDelivery(builder.executor, meters);
        this.registry = new WatchRegistry(builder.most, delivery);
        this.idleEnds = new IdleEnds(replica.store(), registry, builder.clock);
        this.thread = new WatchThread(replica, registry, delivery, idleEnds, builder.clock);
        replica.listen(new WatchedReplica(registry, thread));
    }

    /**
     * Starts watches over a replica; {@code SessionService} does it for hosts.
     *
     * @param replica of this node
     * @param checker that answers from it, and says when time ends a caller
     * @return a builder
     */
    public static Builder of(RevocationReplica replica, TokenRevocationChecker checker) {
        return new Builder(replica, checker);
    }

    /**
     * Watches the credential of a caller, who was authenticated for this connection. No round trip.
     *
     * <p>What ended it before, or meanwhile, is told too, once: there is no moment between the check and this call in
     * which a revocation goes by unheard. It may be told before this call returns.
     *
     * <p>A renewal between the check and this call is not told. What the connection keeps of the session (attributes,
     * evidence) is to be read after this call, or the caller authenticated again after it.
     *
     * @param caller of the connection; one that comes with another credential later is another watch
     * @param watcher hears of it
     * @return the watch, to be closed with the connection
     * @throws TooManyWatchesException if this node has as many as it may
     * @throws IllegalStateException if the service is closed
     */
    public SessionWatch watch(Caller caller, SessionWatcher watcher) {
        Objects.requireNonNull(watcher, "watcher");
        WatchEnds ends = WatchEnds.of(caller, checker.endsByTime(caller), nodeSkew);
        requireOpen();
        takePlace();
        Watch watch = new Watch(numbers.incrementAndGet(), watcher, caller.facts(), ends, registry);
        registry.add(watch);
        // In this order, as WatchedReplica looks the watch up after the index has the revocation: one of both sees it.
        VarHandle.fullFence();
        if (thread.decide(watch) == null) {
            thread.doubt(watch);
        }
        thread.watched(watch);
        if (isClosed) {
            watch.tell(WatchNews.CLOSED);
        }
        return watch;
    }

    private void takePlace() {
        try {
            registry.takePlace();
        } catch (TooManyWatchesException e) {
            meters.refused();
            throw e;
        }
    }

    private void requireOpen() {
        if (isClosed) {
            throw new IllegalStateException("the service is closed, and watches nothing any more");
        }
    }

    /** {@return how many watches are open} */
    public int size() {
        return registry.size();
    }

    /**
     * What is watched and told: {@code curfew.watches}, {@code curfew.watches.told}, {@code .waiting} and {@code
     * .refused}.
     *
     * @return meters
     */
    public List<Meter> meters() {
        return meters.meters(registry::size);
    }

    /** Tells each watch that it is closed, for five seconds at most, and ends the threads. */
    @Override
    public void close() {
        isClosed = true;
        thread.close();
        idleEnds.close();
        registry.forEach(watch -> watch.tell(WatchNews.CLOSED));
        delivery.close();
    }

    /** Whether nothing is kept of watches that have ended. */
    boolean isTidy() {
        return registry.isTidy();
    }

    /** The settings of {@link SessionWatches}. Confined to one thread. */
    public static final class Builder {
        private static final int MOST = 100_000;

        private final RevocationReplica replica;
        private final TokenRevocationChecker checker;
        private Clock clock = Clock.systemUTC();
        private Duration nodeSkew = Duration.ofSeconds(2);
        private @Nullable Executor executor;
        private int most = MOST;

        private Builder(RevocationReplica replica, TokenRevocationChecker checker) {
            this.replica = Objects.requireNonNull(replica, "replica");
            this.checker = Objects.requireNonNull(checker, "checker");
        }

        /**
         * Sets the clock.
         *
         * @param value the same as the checker's; the system's by default
         * @return this
         */
        public Builder clock(Clock value) {
            this.clock = Objects.requireNonNull(value, "clock");
            return this;
        }

        /**
         * Sets how far the clocks of two nodes may be apart.
         *
         * @param value 2 seconds by default
         * @return this
         */
        public Builder nodeSkew(Duration value) {
            this.nodeSkew = Objects.requireNonNull(value, "nodeSkew");
            return this;
        }

        /**
         * Sets where watchers are told.
         *
         * @param value threads of its own by default; the host's is never shut down, and is called on threads of the
         *     watches' own alone
         * @return this
         */
        public Builder executor(Executor value) {
            this.executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /**
         * Sets how many watches there may be.
         *
         * @param value positive; 100,000 by default
         * @return this
         */
        public Builder watchesAtMost(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("watchesAtMost must be positive");
            }
            this.most = value;
            return this;
        }

        /**
         * Begins to listen to the replica. Threads begin with the first watch.
         *
         * @return the watches, to be closed before the replica
         */
        public SessionWatches build() {
            return new SessionWatches(this);
        }
    }
}
