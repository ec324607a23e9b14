package dev.curfew.examples.benchmarks;

import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientSecret;
import dev.curfew.client.RegisteredClient;
import dev.curfew.crypto.SecretHash;
import dev.curfew.http.AuthenticationResult;
import dev.curfew.http.BearerAuthentication;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.http.SessionEndpoints;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.oauth.IntrospectionEndpoint;
import dev.curfew.oauth.PresentedTokens;
import dev.curfew.session.ClientId;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What a resource server asks about a token, and what a host asks about the same token itself: each from what was
 * received to the answer, of tokens that this node has seen before.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IntrospectionBenchmark {
    private static final int TOKENS = 1_024;

    private List<String> headers;
    private List<byte[]> forms;
    private String caller;
    private SessionService service;
    private BearerAuthentication authentication;
    private IntrospectionEndpoint introspection;

    /** Made by the harness. */
    public IntrospectionBenchmark() {}

    /** Signs the tokens, and has each looked at once. */
    @Setup
    public void load() {
        TokenIssuer issuer = new TokenIssuer(SigningKey.of("RS256"));
        TokenVerifier verifier = issuer.verifier(10_000);
        service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .tokenPolicies(issuer.policy())
                .trustTokensOlderThanStore()
                .withoutAuditLog()
                .build();
        authentication = SessionEndpoints.builder()
                .service(service)
                .verifier(verifier)
                .withoutTouch()
                .build()
                .authentication();
        String secret = secret();
        SecretHash hash = ClientSecret.hash(secret);
        RegisteredClient api =
                RegisteredClient.of(new ClientId(TokenIssuer.REALM, "api")).resources(TokenIssuer.AUDIENCE);
        introspection = IntrospectionEndpoint.of(
                        service,
                        ClientAuthenticators.secretBasic(id -> Optional.of(ClientSecret.of(api, hash))),
                        PresentedTokens.verifiedBy(verifier))
                .withoutTouch()
                .build();
        caller = "Basic " + Base64.getEncoder().encodeToString(("api:" + secret).getBytes(StandardCharsets.US_ASCII));
        List<String> tokens = issuer.compact("bearer-", TOKENS);
        headers = tokens.stream().map(token -> "Bearer " + token).toList();
        forms = tokens.stream()
                .map(token -> ("token=" + token).getBytes(StandardCharsets.US_ASCII))
                .toList();
        Turn turn = new Turn();
        for (int i = 0; i < TOKENS; i++) {
            introspection(turn);
        }
    }

    private static String secret() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * Authenticates a request with a token.
     *
     * @param turn whose it is
     * @return the caller
     */
    @Benchmark
    public AuthenticationResult bearer(Turn turn) {
        return authentication.authenticate(EndpointRequest.of("GET")
                .header("Authorization", headers.get(turn.next(TOKENS)))
                .build());
    }

    /**
     * Introspects a token.
     *
     * @param turn whose it is
     * @return the description
     */
    @Benchmark
    public EndpointResponse introspection(Turn turn) {
        return introspection.answer(EndpointRequest.of("POST")
                .header("Authorization", caller)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(forms.get(turn.next(TOKENS)))
                .build());
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        service.close();
    }
}
