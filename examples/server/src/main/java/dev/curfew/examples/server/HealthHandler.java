package dev.curfew.examples.server;

import dev.curfew.ServiceHealth;
import dev.curfew.SessionService;
import dev.curfew.http.EndpointRequest;
import java.util.Map;

/** For a readiness probe: whether this node can tell which tokens are revoked, and what is wrong. */
final class HealthHandler implements Handler {
    private final SessionService sessions;

    HealthHandler(SessionService sessions) {
        this.sessions = sessions;
    }

    @Override
    public Reply handle(EndpointRequest request) {
        ServiceHealth health = sessions.health();
        return Reply.json(
                health.isReady() ? 200 : 503, Map.of("ready", health.isReady(), "problems", health.problems()));
    }
}
