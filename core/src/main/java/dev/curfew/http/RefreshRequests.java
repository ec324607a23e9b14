package dev.curfew.http;

import dev.curfew.refresh.RefreshRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
        RefreshRequest wish = RefreshRequest.of(realm, token);
        ClientId client = clients.apply(request).orElse(null);
        if (client != null) {
            wish = wish.client(client);
        }
        if (request.senderKey().isPresent()) {
            wish = wish.sender(request.senderKey().get());
        }
        if (scope != null) {
            wish = wish.scopes(words(scope));
        }
        return attempt(request, wish);
    }

    private static RefreshRequest attempt(EndpointRequest request, RefreshRequest wish) throws Rejection {
        List<String> keys = request.headers(ATTEMPT);
        if (keys.isEmpty()) {
            return wish;
        }
        if (keys.size() > 1) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        try {
            return wish.attempt(keys.get(0));
        } catch (IllegalArgumentException e) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
    }

    /** RFC 6749 section 3.3: at least one. */
    private static Set<String> words(String scope) throws Rejection {
        Set<String> words = Arrays.stream(scope.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
        if (words.isEmpty()) {
            throw Rejection.of(ProblemType.REQUEST_MALFORMED);
        }
        return words;
    }
}
