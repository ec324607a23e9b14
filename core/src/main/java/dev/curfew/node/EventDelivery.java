package dev.curfew.node;

import dev.curfew.audit.AuditTrail;
import dev.curfew.event.EventPublisher;
import dev.curfew.meter.Meter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The publisher of events with those of its listeners that are not the host's. Thread-safe. */
public final class EventDelivery implements AutoCloseable {
    private final EventPublisher publisher;
    private final @Nullable AuditTrail audit;
    private final @Nullable SuspicionResponse suspicions;

    EventDelivery(EventPublisher publisher, @Nullable AuditTrail audit, @Nullable SuspicionResponse suspicions) {
        this.publisher = publisher;
        this.audit = audit;
        this.suspicions = suspicions;
    }

    public EventPublisher publisher() {
        return publisher;
    }

    public Optional<AuditTrail> auditTrail() {
        return Optional.ofNullable(audit);
    }

    /** From now on suspicions are acted upon; until then none is raised. */
    public void endBy(SuspicionResponse.Ending ending) {
        if (suspicions != null) {
            suspicions.start(ending, publisher);
        }
    }

    public List<Meter> meters() {
        List<Meter> all = new ArrayList<>(publisher.meters());
        auditTrail().ifPresent(trail -> all.addAll(trail.meters()));
        return all;
    }

    /** Delivers what waits, and ends the threads. */
    @Override
    public void close() {
        if (suspicions != null) {
            suspicions.close();
        }
        publisher.close();
        auditTrail().ifPresent(AuditTrail::close);
    }
}
