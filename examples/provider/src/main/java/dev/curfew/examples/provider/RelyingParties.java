package dev.curfew.examples.provider;

import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.session.ClientId;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who is registered; a real provider has a table, and hashes of the secrets alone. Immutable. */
final class RelyingParties {
    private final Map<String, RelyingParty> parties;
    private final Map<String, ClientSecret> secrets;

    RelyingParties(Collection<RelyingParty> registered) {
        this.parties = registered.stream().collect(Collectors.toUnmodifiableMap(RelyingParty::id, Function.identity()));
        this.secrets =
                registered.stream().collect(Collectors.toUnmodifiableMap(RelyingParty::id, RelyingParties::secretOf));
    }

    Optional<RelyingParty> find(String clientId) {
        return Optional.ofNullable(parties.get(clientId));
    }

    /** By secret, in the header or in the form: what Curfew's endpoints and ours ask for. */
    ClientAuthenticator authenticator() {
        return ClientAuthenticators.anyOf(
                ClientAuthenticators.secretBasic(id -> Optional.ofNullable(secrets.get(id))),
                ClientAuthenticators.secretPost(id -> Optional.ofNullable(secrets.get(id))));
    }

    private static ClientSecret secretOf(RelyingParty party) {
        RegisteredClient client =
                RegisteredClient.of(new ClientId(CurfewSetup.REALM, party.id())).resources(Tokens.AUDIENCE);
        return ClientSecret.of(client, ClientSecret.hash(party.secret()));
    }
}
