package dev.curfew.credential;

import dev.curfew.refresh.RefreshRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes of what a client sent the refresh that it asks for, whichever form it came in. */
public final class RefreshWishes {
    private RefreshWishes() {}

    /**
     * The wish to exchange a token.
     *
     * @param scope a list of words, or null for all that were granted
     * @param attempts the attempt keys that came: at most one
     * @throws IllegalArgumentException if the list of words is empty, or there are several attempt keys or a malformed
     *     one; the message quotes nothing
     */
    public static RefreshRequest of(
            Realm realm,
            String token,
            Optional<ClientId> client,
            Optional<SenderKey> sender,
            @Nullable String scope,
            List<String> attempts) {
        RefreshRequest wish = RefreshRequest.of(realm, token);
        if (client.isPresent()) {
            wish = wish.client(client.get());
        }
        if (sender.isPresent()) {
            wish = wish.sender(sender.get());
        }
        if (scope != null) {
            wish = wish.scopes(words(scope));
        }
        if (attempts.size() > 1) {
            throw new IllegalArgumentException("a refresh has one attempt key, or none");
        }
        return attempts.isEmpty() ? wish : wish.attempt(attempts.get(0));
    }

    /** RFC 6749 section 3.3; that there must be at least one is said where they are asked for. */
    private static Set<String> words(String scope) {
        return Arrays.stream(scope.split(" ", -1))
                .filter(word -> !word.isEmpty())
                .collect(Collectors.toSet());
    }
}
