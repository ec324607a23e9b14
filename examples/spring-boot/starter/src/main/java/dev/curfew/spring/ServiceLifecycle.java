package dev.curfew.spring;

import dev.curfew.SessionService;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Closes the service when the application ends: after the last request, and before Spring stops the client of the
 * store, which the service still needs to write what waits. A context that is only stopped goes on later, and so does
 * the service. Thread-safe.
 */
final class ServiceLifecycle implements SmartLifecycle, ApplicationListener<ContextClosedEvent> {
    /** Spring's client of Redis has 0 and is stopped later, the web server has a very high one. */
    private static final int BEFORE_CLIENTS = 1000;

    private final SessionService sessions;
    private final PurgeTimer purge;
    private final ApplicationContext own;
    private volatile boolean running;
    private volatile boolean ends;

    ServiceLifecycle(SessionService sessions, PurgeTimer purge, ApplicationContext own) {
        this.sessions = sessions;
        this.purge = purge;
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
        running = true;
    }

    @Override
    public void stop() {
        running = false;
        if (ends) {
            purge.close();
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
