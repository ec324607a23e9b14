package dev.curfew.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.SessionEndpoints;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The exact names of RFC 8414, RFC 9728 and OpenID Connect's logout specifications. */
class MetadataTest {
    private final OauthHost host = new OauthHost();

    @Test
    void a_server_says_what_it_has_by_the_names_of_rfc_8414() {
        ClientAuthenticator clients = OauthHost.clients();
        ClientAuthenticator callers = ClientAuthenticators.bearer(host.verifier, host.service.checker(), "introspect");
        PresentedTokens tokens = PresentedTokens.verifiedBy(host.verifier);

        Map<String, Object> members = Metadata.ofServer("https://login.example.com")
                .refresh(
                        URI.create("https://login.example.com/token"),
                        RefreshEndpoint.of(host.service, clients, host::issue).build())
                .revocation(
                        URI.create("https://login.example.com/revoke"),
                        TokenRevocationEndpoint.of(host.service, clients, tokens)
                                .build())
                .introspection(
                        URI.create("https://login.example.com/introspect"),
                        IntrospectionEndpoint.of(host.service, callers, tokens).build())
                .globalRevocation(
                        URI.create("https://login.example.com/global-token-revocation"),
                        GlobalRevocationEndpoint.of(host.service, callers, (id, caller) -> RevocationSubjects.unknown())
                                .build())
                .backChannelLogout(true)
                .endSession(URI.create("https://login.example.com/end"))
                .dpop("ES256")
                .assertionAlgorithms("ES256")
                .members();

        assertThat(members)
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("issuer", "https://login.example.com"),
                        Map.entry("token_endpoint", "https://login.example.com/token"),
                        Map.entry(
                                "token_endpoint_auth_methods_supported",
                                List.of("client_secret_basic", "client_secret_post", "none")),
                        Map.entry("grant_types_supported", List.of("refresh_token")),
                        Map.entry("revocation_endpoint", "https://login.example.com/revoke"),
                        Map.entry(
                                "revocation_endpoint_auth_methods_supported",
                                List.of("client_secret_basic", "client_secret_post", "none")),
                        Map.entry("introspection_endpoint", "https://login.example.com/introspect"),
                        Map.entry("introspection_endpoint_auth_methods_supported", List.of("Bearer")),
                        Map.entry(
                                "global_token_revocation_endpoint",
                                "https://login.example.com/global-token-revocation"),
                        Map.entry("global_token_revocation_endpoint_auth_methods_supported", List.of("Bearer")),
                        Map.entry("backchannel_logout_supported", true),
                        Map.entry("backchannel_logout_session_supported", true),
                        Map.entry("end_session_endpoint", "https://login.example.com/end"),
                        Map.entry("dpop_signing_alg_values_supported", List.of("ES256"))));
    }

    @Test
    void algorithms_of_assertions_stand_where_assertions_are_accepted() {
        ClientAuthenticator signed = new ClientAuthenticator() {
            @Override
            public dev.curfew.client.ClientAuthentication authenticate(EndpointRequest request) {
                return new dev.curfew.client.ClientAuthentication.Missing();
            }

            @Override
            public List<String> methods() {
                return List.of("private_key_jwt");
            }
        };

        assertThat(Metadata.ofServer("https://login.example.com")
                        .revocation(
                                URI.create("https://login.example.com/revoke"),
                                TokenRevocationEndpoint.of(host.service, signed, text -> Optional.empty())
                                        .build())
                        .assertionAlgorithms("ES256", "PS256")
                        .members())
                .containsEntry("revocation_endpoint_auth_signing_alg_values_supported", List.of("ES256", "PS256"))
                .doesNotContainKey("token_endpoint_auth_signing_alg_values_supported");
    }

    @Test
    void a_resource_and_a_relying_party_say_what_they_are() {
        assertThat(Metadata.ofResource("https://api.example.com", "https://login.example.com")
                        .with("scopes_supported", List.of("read"))
                        .members())
                .isEqualTo(Map.of(
                        "resource", "https://api.example.com",
                        "authorization_servers", List.of("https://login.example.com"),
                        "bearer_methods_supported", List.of("header"),
                        "scopes_supported", List.of("read")));
        assertThat(Metadata.ofRelyingParty(URI.create("https://app.example.com/backchannel"), true)
                        .members())
                .isEqualTo(Map.of(
                        "backchannel_logout_uri",
                        "https://app.example.com/backchannel",
                        "backchannel_logout_session_required",
                        true));
    }

    @Test
    void a_challenge_names_where_the_resource_is_described() {
        SessionEndpoints endpoints = SessionEndpoints.builder()
                .service(host.service)
                .verifier(host.verifier)
                .dpopProofs("ES256")
                .resourceMetadata(URI.create("https://api.example.com/.well-known/oauth-protected-resource"))
                .build();

        EndpointResponse response =
                endpoints.listSessions(EndpointRequest.of("GET").build());

        assertThat(response.headers("WWW-Authenticate"))
                .containsExactly(
                        "Bearer realm=\"api\","
                                + " resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\"",
                        "DPoP realm=\"api\","
                                + " resource_metadata=\"https://api.example.com/.well-known/oauth-protected-resource\","
                                + " algs=\"ES256\"");
        assertThatThrownBy(() -> SessionEndpoints.builder().resourceMetadata(URI.create("/relative")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("resourceMetadata");
    }
}
