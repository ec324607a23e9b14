package dev.curfew.client;

import dev.curfew.http.EndpointRequest;
import java.util.List;

/**
 * Finds out who calls an endpoint; {@link ClientAuthenticators} makes those of the standards, and a host may bring its
 * own (mutual TLS, a framework). Implementations are thread-safe.
 */
@FunctionalInterface
public interface ClientAuthenticator {
    /**
     * Finds out who calls. Costs no round trip to the store of sessions, unless the method says otherwise.
     *
     * @param request what was received; its form has been found to be readable if it says that it is one
     * @return who, or why nobody can say
     * @throws dev.curfew.session.CurfewException for an outage of what it asks, which is answered 503
     */
    ClientAuthentication authenticate(EndpointRequest request);

    /**
     * The names of its methods, for metadata (RFC 8414 §2) and challenges (RFC 9110 §11.6.1): as they are registered
     * for {@code token_endpoint_auth_method}, such as {@code client_secret_basic}, or {@code Bearer}.
     *
     * @return none by default
     */
    default List<String> methods() {
        return List.of();
    }
}
