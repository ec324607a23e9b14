package dev.curfew.http;

import dev.curfew.credential.RefreshWishes;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a request what it asks the service for. Immutable.
 *
 * @param realms in which a request's token is looked up
 * @param clients who refreshes
 */
record RefreshRequests(
        Function<EndpointRequest, Optional<Realm>> realms, Function<EndpointRequest, Optional<ClientId>> clients) {
    private static final String ATTEMPT = "Idempotency-Key";

    /** The realm of a request, or null if it names none. */
    @Nullable
    Realm realm(EndpointRequest request) {
        return realms.apply(request).orElse(null);
    }

    /** The wish to exchange a token; the scope is a list of words, or null for all that were granted. */
    RefreshRequest of(EndpointRequest request, Realm realm, String token, @Nullable String scope) throws Rejection {
        try {
            return RefreshWishes.of(
                    realm, token, clients.apply(request), request.senderKey(), scope, request.headers(ATTEMPT));
        } catch (IllegalArgumentException e) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
    }
}
