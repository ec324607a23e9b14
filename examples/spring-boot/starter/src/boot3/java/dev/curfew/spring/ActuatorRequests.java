package dev.curfew.spring;

import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** The requests of the actuator, as Spring Boot 3 finds them: by its own base path, on its own port or not. */
final class ActuatorRequests {
    /** Looked for by name: a host without the actuator has none of it. */
    static final String NEEDED = "org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties";

    private ActuatorRequests() {}

    static RequestMatcher all() {
        return EndpointRequest.toAnyEndpoint();
    }
}
