package dev.curfew.ssf;

import dev.curfew.ServiceBasis;
import dev.curfew.deliver.OutgoingHttp;
import dev.curfew.lease.Lease;
import dev.curfew.lease.LeaseTerms;
import dev.curfew.meter.Meter;
import dev.curfew.session.CurfewException;
import dev.curfew.session.FailureText;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The receiver's side of poll-based delivery of security event tokens (RFC 8936): asks a transmitter again and again,
 * on one node at a time. Thread-safe.
 *
 * <p>Every node makes one and starts it. The one that holds the lease polls on a thread of its own; when it ends,
 * {@linkplain #close closed} or not, another one goes on. A SET is acknowledged after what it ends is recorded, so that
 * none is lost, and one that comes twice ends nothing more. One that is wrong is refused to the transmitter by name;
 * one that may be accepted in a while, such as one of a key that nobody knows yet, only after ten minutes. One that
 * fails for reasons of its own, such as a resolver's, is left for later, and more are asked for, up to 1,000 at once.
 * While the store or the keys cannot be had, nothing more is acknowledged.
 *
 * <p>After a failure it waits a second, then twice as long each time up to a minute, or for as long as the transmitter
 * says in {@code Retry-After}, up to an hour. Answers are read up to 4 MiB.
 *
 * <p>A node that polls makes one request each interval, and more while SETs come; two round trips to the store for each
 * SET, and one for the lease every ten seconds. A node that does not poll reads the lease every five seconds.
 */
public final class PollReceiver implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PollReceiver.class);
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final Poller poller;
    private final CountDownLatch closed = new CountDownLatch(1);

    /** Null until it is started. Guarded by this. */
    private @Nullable Thread thread;

    private PollReceiver(Poller poller) {
        this.poller = poller;
    }

    /**
     * Starts with what is asked where.
     *
     * @param receiver of the stream
     * @param http by which the transmitter is asked; it must allow its host
     * @param endpoint the stream's {@code delivery.endpoint_url}, of https
     * @return a builder
     */
    public static Builder of(SecurityEventReceiver receiver, OutgoingHttp http, URI endpoint) {
        return new Builder(receiver, http, endpoint);
    }

    /**
     * Begins to poll, now or whenever it is this node's turn; nothing if it was started before.
     *
     * @throws IllegalStateException if it was closed
     */
    public synchronized void start() {
        if (closed.getCount() == 0) {
            throw new IllegalStateException("start() of a PollReceiver that is closed: make another one");
        }
        if (thread == null) {
            thread = new Thread(this::run, "curfew-ssf-poll");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** {@return how polling goes on this node} */
    public PollStatus status() {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        return poller.health().status(running != null && running.isAlive());
    }

    /** {@return what became of SETs, how polls went, for how long none was answered, and how many SETs are left} */
    public List<Meter> meters() {
        List<Meter> meters = new ArrayList<>(poller.setMeters());
        meters.addAll(poller.health().meters());
        return meters;
    }

    /**
     * Ends polling on this node, and lets another one go on at once. What was recorded and not acknowledged yet comes
     * again there. Waits up to 15 seconds for what is under way. Close it before the service.
     */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed.countDown();
            running = thread;
        }
        if (running == null || Thread.currentThread().equals(running)) {
            return;
        }
        poller.end();
        try {
            running.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean isOpen = true;
        while (isOpen) {
            Duration pause = poller.step();
            try {
                isOpen = !closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                // Somebody else's, and no reason to stop.
                isOpen = closed.getCount() > 0;
            }
        }
        try {
            poller.release();
        } catch (CurfewException e) {
            LOG.warn("the lease of a stream could not be given back, and ends by itself: {}", FailureText.of(e));
        }
    }

    /** Collects the settings of a {@link PollReceiver}. Confined to one thread. */
    public static final class Builder {
        private static final Duration LONGEST = Duration.ofHours(1);
        private static final Duration TERM = Duration.ofSeconds(30);
        private static final Duration KEPT = Duration.ofDays(1);
        private static final int MOST = 100;

        private final SecurityEventReceiver receiver;
        private final OutgoingHttp http;
        private final URI endpoint;
        private @Nullable Supplier<String> authorization;
        private Duration interval = Duration.ofSeconds(10);
        private int maxEvents = MOST;

        private Builder(SecurityEventReceiver receiver, OutgoingHttp http, URI endpoint) {
            this.receiver = Objects.requireNonNull(receiver, "receiver");
            this.http = Objects.requireNonNull(http, "http");
            this.endpoint = Objects.requireNonNull(endpoint, "endpoint");
        }

        /**
         * Says by what this host is known to the transmitter.
         *
         * @param value the whole value of {@code Authorization}, asked for each poll, so that a token can be renewed;
         *     when it throws, the poll has failed. Nothing is sent unless it is set
         * @return this
         */
        public Builder authorization(Supplier<String> value) {
            this.authorization = Objects.requireNonNull(value, "authorization");
            return this;
        }

        /**
         * Sets how long to wait between polls while nothing comes: a session lives for so much longer here than there.
         *
         * @param value a second to an hour; 10 seconds by default
         * @return this
         */
        public Builder interval(Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0 || value.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("interval must be a second to an hour, and is " + value);
            }
            this.interval = value;
            return this;
        }

        /**
         * Sets how many SETs the transmitter may answer at once.
         *
         * @param value 1 to 100; 100 by default
         * @return this
         */
        public Builder maxEvents(int value) {
            if (value < 1 || value > MOST) {
                throw new IllegalArgumentException("maxEvents must be 1 to 100, and is " + value);
            }
            this.maxEvents = value;
            return this;
        }

        /**
         * Makes the receiver.
         *
         * @return one that does nothing before {@link #start}
         * @throws IllegalStateException if the store keeps no shared records, by which nodes agree who polls
         */
        public PollReceiver build() {
            return new PollReceiver(poller());
        }

        /** For tests, which take each step by hand. */
        Poller poller() {
            ServiceBasis basis = receiver.service().basis();
            SharedRecords records = basis.records()
                    .orElseThrow(() -> new IllegalStateException("a PollReceiver needs a store that implements"
                            + " SharedRecords, by which nodes agree who polls: memory, JDBC and Redis do"));
            RecordKey key = new RecordKey(receiver.name(), LookupKey.of("ssf-poll", endpoint.toString()));
            Duration three = http.timeout().multipliedBy(3);
            Duration term = three.compareTo(TERM) > 0 ? three : TERM;
            LeaseTerms terms = new LeaseTerms(term, term.dividedBy(3), basis.nodeSkew(), KEPT);
            return new Poller(
                    receiver,
                    new PollExchange(http, endpoint, authorization, basis.clock()),
                    new Lease(records, key, terms, basis.clock(), basis.ticker()),
                    interval,
                    maxEvents);
        }
    }
}
