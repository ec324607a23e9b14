package dev.curfew.oauth;

import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.http.IssuedAccessToken;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SubjectIdentifier;
import dev.curfew.token.TokenVerifier;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What docs/standards.md shows of the endpoints of OAuth, in a host's own words. */
abstract class OauthExamples {
    /** The host's clients. */
    interface Registry {
        Optional<ClientSecret> secret(String id);

        Optional<RegisteredClient> publicClient(String id);
    }

    abstract IssuedAccessToken issueToken(
            Session session, Set<String> scopes, Optional<SenderKey> senderKey, Instant notAfter);

    TokenRevocationEndpoint revocation(SessionService sessions, ClientAuthenticator clients, TokenVerifier verifier) {
        TokenRevocationEndpoint revocation = TokenRevocationEndpoint.of(
                        sessions, clients, PresentedTokens.verifiedBy(verifier))
                .build();
        return revocation;
    }

    IntrospectionEndpoint introspection(SessionService sessions, ClientAuthenticator clients, TokenVerifier verifier) {
        IntrospectionEndpoint introspection = IntrospectionEndpoint.of(
                        sessions, clients, PresentedTokens.verifiedBy(verifier))
                .claims(ClaimFilter.standardAnd("sid")) // the claims that standards name, and this one
                .sessionTokensFor("https://api.example.com")
                .build();
        return introspection;
    }

    RefreshEndpoint refresh(SessionService sessions, ClientAuthenticator clients) {
        RefreshEndpoint refresh =
                RefreshEndpoint.of(sessions, clients, this::issueToken).build();
        return refresh;
    }

    GlobalRevocationEndpoint everything(SessionService sessions, ClientAuthenticator clients, Realm realm) {
        GlobalRevocationEndpoint everything = GlobalRevocationEndpoint.of(
                        sessions,
                        clients,
                        (identifier, caller) -> identifier instanceof SubjectIdentifier.IssSub person
                                ? RevocationSubjects.of(Set.of(new SubjectId(realm, person.sub())))
                                : RevocationSubjects.unsupported())
                .build();
        return everything;
    }

    Map<String, Object> document(
            RefreshEndpoint refresh, TokenRevocationEndpoint revocation, IntrospectionEndpoint introspection) {
        Map<String, Object> document = Metadata.ofServer("https://login.example.com")
                .refresh(URI.create("https://login.example.com/token"), refresh)
                .revocation(URI.create("https://login.example.com/revoke"), revocation)
                .introspection(URI.create("https://login.example.com/introspect"), introspection)
                .with("response_types_supported", List.of("code"))
                .members();
        return document;
    }

    ClientAuthenticator accepted(Registry registry) {
        ClientAuthenticator accepted = ClientAuthenticators.anyOf(
                ClientAuthenticators.secretBasic(registry::secret),
                ClientAuthenticators.secretPost(registry::secret),
                ClientAuthenticators.publicClient(registry::publicClient));
        return accepted;
    }
}
