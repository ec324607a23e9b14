package dev.curfew.spring;

import dev.curfew.SessionService;
import dev.curfew.deliver.Deliveries;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Starts the deliveries, if there are some, and closes them and the service when the application ends: after the last
 * request, and before Spring stops the client of the store, which both still need to write what waits. A context that
 * is only stopped goes on later, and so do they. Thread-safe.
 */
final class ServiceLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Spring's client of Redis has 0 and is stopped later, the web server has a very high one. */
    private static final int BEFORE_CLIENTS = 1000;

    private final SessionService sessions;
    private final PurgeTimer purge;
    private final ObjectProvider<Deliveries> deliveries;
    private final ApplicationContext own;
    private volatile boolean running;
    private volatile boolean ends;

    ServiceLifecycle(
            SessionService sessions, PurgeTimer purge, ObjectProvider<Deliveries> deliveries, ApplicationContext own) {
        this.sessions = sessions;
        this.purge = purge;
        this.deliveries = deliveries;
        this.own = own;
    }

    @Override
    public void onApplicationEvent(ContextClosedEvent event) {
        if (event.getApplicationContext().equals(own)) {
            ends = true;
        }
    }

    @Override
    public void start() {
        // The host's own may not have been; a second start does nothing.
        deliveries.ifAvailable(Deliveries::start);
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (ends) {
            purge.close();
            deliveries.ifAvailable(Deliveries::close);
            sessions.close();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return BEFORE_CLIENTS;
    }
}
