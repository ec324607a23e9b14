package dev.curfew.client;

import dev.curfew.http.EndpointRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Accepts clients that have no credentials, by their name alone. Thread-safe. */
final class PublicClients implements ClientAuthenticator {
    private final Function<String, Optional<RegisteredClient>> registered;

    PublicClients(Function<String, Optional<RegisteredClient>> registered) {
        this.registered = registered;
    }

    @Override
    public List<String> methods() {
        return List.of("none");
    }

    @Override
    public ClientAuthentication authenticate(EndpointRequest request) {
        CallerCredentials credentials = CallerCredentials.of(request);
        if (credentials.isAmbiguous()) {
            return new ClientAuthentication.Ambiguous();
        }
        String id = credentials.parameter("client_id");
        // Who brings credentials is no public client, and is not let pass without a look at them.
        if (credentials.method() != null || id == null) {
            return new ClientAuthentication.Missing();
        }
        return registered
                .apply(id)
                .<ClientAuthentication>map(ClientAuthentication.Authenticated::ofPublic)
                .orElseGet(ClientAuthentication.Refused::new);
    }
}
