package dev.curfew.examples.provider;

import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.HeaderField;
import dev.curfew.oauth.Metadata;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What applications read about this provider. Thread-safe. */
final class Discovery {
    private final URI issuer;
    private final CurfewSetup curfew;
    private final Tokens tokens;

    Discovery(URI issuer, CurfewSetup curfew, Tokens tokens) {
        this.issuer = issuer;
        this.curfew = curfew;
        this.tokens = tokens;
    }

    /** {@code GET /.well-known/openid-configuration} (OpenID Connect Discovery 1.0). */
    EndpointResponse document(EndpointRequest request) {
        return Answers.json(
                200,
                Metadata.ofServer(issuer.toString())
                        .with("authorization_endpoint", at("/authorize"))
                        .refresh(URI.create(at("/token")), curfew.refresh)
                        .with("grant_types_supported", List.of("authorization_code", "refresh_token"))
                        .with("jwks_uri", at("/jwks"))
                        .revocation(URI.create(at("/revoke")), curfew.revocation)
                        .introspection(URI.create(at("/introspect")), curfew.introspection)
                        .backChannelLogout(true)
                        .with("response_types_supported", List.of("code"))
                        .with("code_challenge_methods_supported", List.of("S256"))
                        .with("scopes_supported", List.of("openid", "offline_access"))
                        .with("subject_types_supported", List.of("public"))
                        .with("id_token_signing_alg_values_supported", List.of("RS256"))
                        .with(
                                "claims_supported",
                                List.of("iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "sid"))
                        .with("authorization_response_iss_parameter_supported", true)
                        .members());
    }

    /** {@code GET /jwks}. */
    EndpointResponse keys(EndpointRequest request) {
        return EndpointResponse.of(
                200,
                List.of(
                        new HeaderField("Content-Type", "application/jwk-set+json"),
                        new HeaderField("Cache-Control", "public, max-age=60")),
                tokens.jwkSet().getBytes(StandardCharsets.UTF_8));
    }

    private String at(String path) {
        return issuer + path;
    }
}
