package dev.curfew.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.client.ClientAuthentication;
import dev.curfew.client.ClientAuthenticator;
import dev.curfew.client.ClientAuthenticators;
import dev.curfew.client.ClientKeys;
import dev.curfew.client.RegisteredClient;
import dev.curfew.http.EndpointRequest;
import dev.curfew.store.SessionStore;
import dev.curfew.store.SharedRecords;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.SigningKey;
import dev.curfew.token.TokenKeys;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Assertions of clients, which are good once, whichever node they come to. */
@Tag("UsingAssertions")
abstract class UsedAssertionContract extends StoreContract {
    private static final int ROUNDS = 25;
    private static final String CLIENT = "web";
    private static final String AUDIENCE = "https://login.example.com";
    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final SigningKey KEY = key();

    private final RegisteredClient registered = RegisteredClient.of(Given.client(CLIENT));
    private final Threads threads = new Threads();
    private final List<SessionStore> nodes = new ArrayList<>();
    private int numbers;

    UsedAssertionContract(Supplier<? extends StoreFixture> fixtures) {
        super(fixtures);
    }

    @BeforeEach
    void needsTheAbility() {
        needs(StoreCapability.SHARED_RECORDS);
        nodes.add(store());
        nodes.add(
                fixture().capabilities().contains(StoreCapability.SEVERAL_NODES)
                        ? opened(fixture().secondNode())
                        : store());
    }

    @AfterEach
    void close() {
        threads.close();
    }

    @Test
    void a_private_key_assertion_is_good_once_however_many_nodes_it_comes_to_at_once() {
        List<ClientAuthenticator> methods = onEach(this::privateKeyJwt);
        for (int round = 0; round < ROUNDS; round++) {
            EndpointRequest request = posted(assertion(Profile.CLIENT_ASSERTION));

            assertThat(passing(methods, number -> request)).isEqualTo(1);
            assertThat(passing(methods, number -> request)).isZero();
        }
    }

    @Test
    void a_signed_request_is_good_for_one_body_however_many_nodes_it_comes_to_at_once() {
        List<ClientAuthenticator> methods = onEach(this::signedJwt);
        for (int round = 0; round < ROUNDS; round++) {
            String assertion = assertion(Profile.REVOCATION_ASSERTION);

            long passing = passing(methods, number -> bearing(assertion, number % 2));
            assertThat(passing).as("those with one of two bodies").isEqualTo(4);
            assertThat(passing(methods, number -> bearing(assertion, number % 2)))
                    .as("the same ones again")
                    .isEqualTo(4);
            assertThat(passing(methods, number -> bearing(assertion, 2))).isZero();
        }
    }

    @Test
    void an_assertion_is_remembered_for_as_long_as_any_verifier_accepts_it_and_purges_do_not_change_that() {
        ClientAuthenticator here = privateKeyJwt(nodes.get(0));
        ClientAuthenticator there = privateKeyJwt(nodes.get(1));
        EndpointRequest request = posted(assertion(Profile.CLIENT_ASSERTION));
        assertThat(here.authenticate(request)).isInstanceOf(ClientAuthentication.Authenticated.class);

        for (int seconds = 0; seconds < 80; seconds += 10) {
            store().purge(now(), 1_000);
            assertThat(there.authenticate(request)).isEqualTo(new ClientAuthentication.Refused());
            clock.advance(Duration.ofSeconds(10));
        }
    }

    /** Eight at once, on each node four. */
    private long passing(List<ClientAuthenticator> methods, Function<Integer, EndpointRequest> request) {
        return threads
                .atOnce(8, number -> methods.get(number / 2 % methods.size()).authenticate(request.apply(number)))
                .stream()
                .filter(ClientAuthentication.Authenticated.class::isInstance)
                .count();
    }

    private List<ClientAuthenticator> onEach(Function<SessionStore, ClientAuthenticator> method) {
        return nodes.stream().map(method).toList();
    }

    private ClientAuthenticator privateKeyJwt(SessionStore node) {
        ClientKeys keys = ClientKeys.of(registered, verifier(Profile.CLIENT_ASSERTION));
        return ClientAuthenticators.privateKeyJwt(
                id -> id.equals(CLIENT) ? Optional.of(keys) : Optional.empty(), records(node), clock);
    }

    private ClientAuthenticator signedJwt(SessionStore node) {
        return ClientAuthenticators.signedJwt(
                verifier(Profile.REVOCATION_ASSERTION), issuer -> Optional.of(registered), records(node), clock);
    }

    private static SharedRecords records(SessionStore node) {
        return node.ability(SharedRecords.class).orElseThrow();
    }

    private EventTokenVerifier verifier(Profile profile) {
        return EventTokenVerifier.of(
                EventTokenPolicy.of(profile, Given.REALM, CLIENT)
                        .keys(TokenKeys.ofJwkSet(SigningKey.jwkSet(List.of(KEY))))
                        .audience(AUDIENCE)
                        .algorithms("EdDSA")
                        .build(),
                clock);
    }

    private String assertion(Profile profile) {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", CLIENT);
        claims.put("sub", CLIENT);
        claims.put("aud", AUDIENCE);
        claims.put("jti", "jti-" + numbers++);
        claims.put("iat", now);
        claims.put("exp", now + 60);
        return KEY.sign(profile == Profile.CLIENT_ASSERTION ? "JWT" : "global-token-revocation+jwt", claims);
    }

    private static EndpointRequest posted(String assertion) {
        String body = "client_assertion=" + assertion + "&client_assertion_type="
                + URLEncoder.encode(TYPE, StandardCharsets.UTF_8);
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.US_ASCII))
                .build();
    }

    private static EndpointRequest bearing(String assertion, int body) {
        return EndpointRequest.of("POST")
                .header("Authorization", "Bearer " + assertion)
                .body(new byte[] {(byte) body})
                .build();
    }

    private static SigningKey key() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return SigningKey.of("k1", "EdDSA", pair.getPrivate(), pair.getPublic());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
