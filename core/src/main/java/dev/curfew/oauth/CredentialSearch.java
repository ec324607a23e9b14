package dev.curfew.oauth;

import dev.curfew.CredentialHolder;
import dev.curfew.SessionService;
import dev.curfew.client.RegisteredClient;
import dev.curfew.session.Realm;
import java.util.List;
import java.util.Optional;

/** Seeks credentials of Curfew's in the realms that a caller may act on, and in no other. Thread-safe. */
final class CredentialSearch {
    private CredentialSearch() {}

    /** The realms of a caller, its own in front, since most of what it brings is of that one. */
    static List<Realm> realms(RegisteredClient caller) {
        Realm own = caller.id().realm();
        return caller.realms().stream()
                .sorted((one, other) -> Boolean.compare(other.equals(own), one.equals(own)))
                .toList();
    }

    /** Whose credential a text is. A round trip for each realm until it is found; none for what is no token. */
    static Optional<CredentialHolder> find(SessionService service, RegisteredClient caller, String token) {
        return realms(caller).stream()
                .flatMap(realm -> service.credentials().findHolder(realm, token).stream())
                .findFirst();
    }
}
