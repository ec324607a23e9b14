package dev.curfew.deliver;

import dev.curfew.ServiceBasis;
import dev.curfew.SessionService;
import dev.curfew.lease.Lease;
import dev.curfew.lease.LeaseTerms;
import dev.curfew.meter.Meter;
import dev.curfew.session.LookupKey;
import dev.curfew.store.RecordKey;
import dev.curfew.store.SharedRecords;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * Brings to its end what was recorded on some node and must be done once, on whatever node: sessions of ours that began
 * from a login at a provider end with it, also where the node that has received its end dies in between. Thread-safe;
 * one for each service, started on every node.
 *
 * <p><b>How.</b> One node at a time follows the store's feed: one read a second for the whole deployment, and one for
 * each entry of a subject or of a provider's session. How far it has come stands in the store. A node that closes hands
 * over; where one dies, another takes over once its lease has ended. Each asks for it three times in its term.
 *
 * <p><b>How late.</b> What a node that died left undone is done within two seconds if it was not the one that works,
 * else within the {@linkplain Builder#lease lease}, the node skew, and the third of a lease. While the store does not
 * answer nothing is done; all of it is done afterwards. What was recorded before the first start is done as well, as
 * far as the store remembers it.
 *
 * <p>No call of a request waits for any of this.
 */
public final class Deliveries implements AutoCloseable {
    /** How long the place in the feed is remembered while no node works. */
    private static final Duration PLACE_KEPT = Duration.ofDays(8);

    private final SessionService service;
    private final FeedLane links;
    private final LaneThread thread = new LaneThread();

    private Deliveries(Builder builder, SharedRecords records) {
        ServiceBasis basis = builder.service.basis();
        LeaseTerms terms =
                new LeaseTerms(builder.lease, builder.lease.dividedBy(Builder.RENEWALS), basis.nodeSkew(), PLACE_KEPT);
        Lease lease = new Lease(records, keyOf(LinksWork.NAME), terms, basis.clock(), basis.ticker());
        this.service = builder.service;
        this.links = new FeedLane(service, lease, terms, new LinksWork(service), thread::isClosed);
    }

    private static RecordKey keyOf(String lane) {
        return new RecordKey(LookupKey.of("deliveries"), LookupKey.of("lane", lane));
    }

    /**
     * Starts the settings.
     *
     * @param service whose endings are brought to their end
     * @return a builder
     */
    public static Builder of(SessionService service) {
        return new Builder(service);
    }

    /** {@return the service that was given} */
    public SessionService service() {
        return service;
    }

    /**
     * Begins to work, in a thread of its own; a second call does nothing. No round trip here.
     *
     * @throws IllegalStateException if it was closed
     */
    public void start() {
        if (thread.isClosed()) {
            throw new IllegalStateException("these Deliveries were closed: make new ones");
        }
        thread.start(links);
    }

    /** {@return how it is doing on this node} No round trip. */
    public DeliveryStatus status() {
        return new DeliveryStatus(
                state(),
                links.isHeld(),
                links.behind().orElse(null),
                links.trouble().orElse(null));
    }

    private DeliveryStatus.State state() {
        if (thread.isClosed()) {
            return DeliveryStatus.State.CLOSED;
        }
        return thread.isStarted() ? DeliveryStatus.State.RUNNING : DeliveryStatus.State.NEW;
    }

    /**
     * What is counted on this node, to be bound to a collector of metrics once at the start.
     *
     * @return meters of who works and how far it is behind, of reads, and of what was ended or passed over
     */
    public List<Meter> meters() {
        return links.meters();
    }

    /** One turn, for tests that move the clock by hand. */
    Duration turn() {
        return links.turn();
    }

    /**
     * Ends the work on this node after the step that is under way, and lets another node take over at once. Waits for
     * five seconds at most. The service stays open, and is closed after this.
     */
    @Override
    public void close() {
        thread.close();
    }

    /** Collects the settings of {@link Deliveries}. Confined to one thread. */
    public static final class Builder {
        private static final int RENEWALS = 3;
        private static final Duration SHORTEST_LEASE = Duration.ofSeconds(3);
        private static final Duration LONGEST_LEASE = Duration.ofMinutes(5);

        private final SessionService service;
        private Duration lease = Duration.ofSeconds(30);

        private Builder(SessionService service) {
            this.service = Objects.requireNonNull(service, "service");
        }

        /**
         * Sets for how long the node that works may be silent before another one takes over; 30 seconds unless set. The
         * same on all nodes.
         *
         * @param value 3 seconds to 5 minutes; it is renewed when a third of it is over
         * @return this
         */
        public Builder lease(Duration value) {
            if (value.compareTo(SHORTEST_LEASE) < 0 || value.compareTo(LONGEST_LEASE) > 0) {
                throw new IllegalArgumentException("lease must be 3 seconds to 5 minutes, and is " + value);
            }
            this.lease = value;
            return this;
        }

        /**
         * Makes deliveries that were not started yet. No round trip.
         *
         * @return deliveries of this node
         * @throws IllegalStateException if the service's store keeps no shared records
         */
        public Deliveries build() {
            SharedRecords records = service.basis()
                    .records()
                    .orElseThrow(() -> new IllegalStateException("Deliveries need a store that implements"
                            + " SharedRecords, where they keep how far they have come: memory, JDBC and Redis do"));
            return new Deliveries(this, records);
        }
    }
}
