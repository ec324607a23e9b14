package dev.curfew.oauth;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Members for the host's metadata documents, with the exact names of RFC 8414, RFC 9728 and OpenID Connect's logout
 * specifications, made from the endpoints that the host has. Confined to one thread.
 *
 * <p>A host adds what else its document needs, and writes it with its own JSON library.
 */
public final class Metadata {
    private final Map<String, Object> members = new LinkedHashMap<>();

    private Metadata() {}

    /**
     * Of an authorization server (RFC 8414), or an OpenID provider.
     *
     * @param issuer the exact {@code iss} of its tokens
     * @return the members, to be added to
     */
    public static Metadata ofServer(String issuer) {
        return new Metadata().with("issuer", issuer);
    }

    /**
     * Of a protected resource (RFC 9728), whose challenges name the document: see
     * {@link dev.curfew.http.SessionEndpointsBuilder#resourceMetadata}.
     *
     * @param resource its identifier, which its tokens have as {@code aud}
     * @param authorizationServers the issuers that it accepts
     * @return the members, to be added to
     */
    public static Metadata ofResource(String resource, String... authorizationServers) {
        Metadata metadata = new Metadata().with("resource", resource);
        if (authorizationServers.length > 0) {
            metadata.with("authorization_servers", List.of(authorizationServers));
        }
        return metadata.with("bearer_methods_supported", List.of("header"));
    }

    /**
     * Of a client, for its registration at an OpenID provider (Back-Channel Logout 1.0 §2.2).
     *
     * @param backChannelLogout where logout tokens are received
     * @param sessionRequired whether they must name the session
     * @return the members, to be added to
     */
    public static Metadata ofRelyingParty(URI backChannelLogout, boolean sessionRequired) {
        return new Metadata()
                .with("backchannel_logout_uri", backChannelLogout.toString())
                .with("backchannel_logout_session_required", sessionRequired);
    }

    /**
     * Adds the token endpoint, as far as it refreshes.
     *
     * @param address of the token endpoint
     * @param endpoint that the host has there
     * @return this
     */
    public Metadata refresh(URI address, RefreshEndpoint endpoint) {
        return endpoint("token_endpoint", address, endpoint.authenticationMethods())
                .with("grant_types_supported", List.of("refresh_token"));
    }

    /**
     * Adds token revocation.
     *
     * @param address of the endpoint
     * @param endpoint that the host has there
     * @return this
     */
    public Metadata revocation(URI address, TokenRevocationEndpoint endpoint) {
        return endpoint("revocation_endpoint", address, endpoint.authenticationMethods());
    }

    /**
     * Adds introspection.
     *
     * @param address of the endpoint
     * @param endpoint that the host has there
     * @return this
     */
    public Metadata introspection(URI address, IntrospectionEndpoint endpoint) {
        endpoint.signingAlgorithm()
                .ifPresent(algorithm -> with("introspection_signing_alg_values_supported", List.of(algorithm)));
        return endpoint("introspection_endpoint", address, endpoint.authenticationMethods());
    }

    /**
     * Adds Global Token Revocation.
     *
     * @param address of the endpoint
     * @param endpoint that the host has there
     * @return this
     */
    public Metadata globalRevocation(URI address, GlobalRevocationEndpoint endpoint) {
        return endpoint("global_token_revocation_endpoint", address, endpoint.authenticationMethods());
    }

    /**
     * Adds which algorithms clients may sign assertions with, at all endpoints that accept {@code private_key_jwt};
     * RFC 8414 demands it there. To be called behind them.
     *
     * @param algorithms as in {@code alg}
     * @return this
     */
    public Metadata assertionAlgorithms(String... algorithms) {
        for (String endpoint : List.of("token_endpoint", "revocation_endpoint", "introspection_endpoint")) {
            Object methods = members.get(endpoint + "_auth_methods_supported");
            if (methods instanceof List<?> names && names.contains("private_key_jwt")) {
                with(endpoint + "_auth_signing_alg_values_supported", List.of(algorithms));
            }
        }
        return this;
    }

    /**
     * Adds that the provider tells relying parties of logouts (Back-Channel Logout 1.0 §2.1).
     *
     * @param namesSessions whether it tells them the {@code sid}
     * @return this
     */
    public Metadata backChannelLogout(boolean namesSessions) {
        return with("backchannel_logout_supported", true).with("backchannel_logout_session_supported", namesSessions);
    }

    /**
     * Adds where relying parties send a person to be logged out (RP-Initiated Logout 1.0 §2.1).
     *
     * @param address of the endpoint
     * @return this
     */
    public Metadata endSession(URI address) {
        return with("end_session_endpoint", address.toString());
    }

    /**
     * Adds that proofs of DPoP are understood (RFC 9449 §5.1, RFC 9728 §2).
     *
     * @param algorithms as in {@code alg}
     * @return this
     */
    public Metadata dpop(String... algorithms) {
        return with("dpop_signing_alg_values_supported", List.of(algorithms));
    }

    /**
     * Adds any other member.
     *
     * @param name of the member
     * @param value as the host's JSON library writes it
     * @return this
     */
    public Metadata with(String name, Object value) {
        members.put(name, value);
        return this;
    }

    /** {@return all members in their order, unmodifiable: texts, truth values, and lists of texts} */
    public Map<String, Object> members() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    private Metadata endpoint(String name, URI address, List<String> authenticationMethods) {
        with(name, address.toString());
        return authenticationMethods.isEmpty() ? this : with(name + "_auth_methods_supported", authenticationMethods);
    }
}
