package dev.curfew.node;

import dev.curfew.audit.AuditLog;
import dev.curfew.audit.AuditTrail;
import dev.curfew.event.EventPublisher;
import dev.curfew.event.SessionEventListener;
import dev.curfew.suspicion.SuspicionDetector;
import dev.curfew.suspicion.SuspicionHandler;
import dev.curfew.suspicion.SuspicionRules;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What a host has said about events, until their delivery starts. Confined to one thread. */
public final class EventSettings {
    private final List<SessionEventListener> listeners = new ArrayList<>();
    private boolean isLogged = true;
    private @Nullable UnaryOperator<AuditTrail.Builder> audit;
    private @Nullable SuspicionRules rules;
    private @Nullable SuspicionHandler handler;
    private @Nullable Executor executor;

    public EventSettings() {}

    public void listener(SessionEventListener listener) {
        listeners.add(listener);
    }

    public void withoutAuditLog() {
        isLogged = false;
    }

    public void audit(UnaryOperator<AuditTrail.Builder> settings) {
        audit = settings;
    }

    public void suspicions(SuspicionRules watched, SuspicionHandler asked) {
        rules = watched;
        handler = asked;
    }

    public void executor(Executor hosts) {
        executor = hosts;
    }

    /** The host's, or null for threads of our own. */
    public @Nullable Executor executor() {
        return executor;
    }

    /** Starts the delivery, the audit trail in front of all listeners. */
    public EventDelivery start(Clock clock) {
        List<SessionEventListener> all = new ArrayList<>();
        AuditTrail trail = auditTrail(clock);
        if (trail != null) {
            all.add(trail);
        }
        all.addAll(listeners);
        SuspicionResponse response = null;
        if (rules != null && handler != null) {
            response = new SuspicionResponse(handler, clock, executor);
            all.add(SuspicionDetector.of(rules, response::raised));
        }
        EventPublisher publisher =
                executor == null ? EventPublisher.onOwnThread(all) : EventPublisher.on(all, executor);
        return new EventDelivery(publisher, trail, response);
    }

    private @Nullable AuditTrail auditTrail(Clock clock) {
        if (!isLogged && audit == null) {
            return null;
        }
        AuditTrail.Builder trail = AuditTrail.builder().clock(clock);
        if (isLogged) {
            trail.sink("log", new AuditLog());
        }
        if (executor != null) {
            trail.executor(executor);
        }
        return audit == null ? trail.build() : audit.apply(trail).build();
    }
}
