package dev.curfew.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Missing;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.crypto.SecretHash;
import dev.curfew.http.EndpointRequest;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients with secrets, and without. */
class ClientAuthenticatorsTest {
    private static final Realm REALM = Realm.of("shop");
    private static final String WEIRD = "s6 & co:ü";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String SECRET = secret();
    private static final String OLD_SECRET = secret();

    private static final ClientAuthenticator BASIC = ClientAuthenticators.secretBasic(ClientAuthenticatorsTest::find);
    private static final ClientAuthenticator POST = ClientAuthenticators.secretPost(ClientAuthenticatorsTest::find);
    private static final ClientAuthenticator PUBLIC = ClientAuthenticators.publicClient(
            id -> id.equals("app") ? Optional.of(RegisteredClient.of(new ClientId(REALM, id))) : Optional.empty());
    private static final ClientAuthenticator ANY = ClientAuthenticators.anyOf(BASIC, POST, PUBLIC);

    private static Optional<ClientSecret> find(String id) {
        return id.equals("s6") || id.equals(WEIRD)
                ? Optional.of(ClientSecret.of(
                        RegisteredClient.of(new ClientId(REALM, id)),
                        ClientSecret.hash(SECRET),
                        ClientSecret.hash(OLD_SECRET)))
                : Optional.empty();
    }

    /** With the characters that forms encode. */
    private static String secret() {
        byte[] bytes = new byte[36];
        RANDOM.nextBytes(bytes);
        return "+%" + Base64.getEncoder().encodeToString(bytes);
    }

    private static EndpointRequest.Builder form(String body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String basic(String id, String secret) {
        return "Basic " + base64(encoded(id) + ":" + encoded(secret));
    }

    private static EndpointRequest withHeader(String authorization) {
        return form("").header("Authorization", authorization).build();
    }

    private static EndpointRequest posted(String id, String secret) {
        return form("client_id=" + encoded(id) + "&client_secret=" + encoded(secret))
                .build();
    }

    private static void assertIs(ClientAuthentication found, String id) {
        assertThat(found).isInstanceOfSatisfying(Authenticated.class, authenticated -> {
            assertThat(authenticated.client().id()).isEqualTo(new ClientId(REALM, id));
            assertThat(authenticated.isConfidential()).isTrue();
            assertThat(authenticated.assertion()).isEmpty();
        });
    }

    @Test
    void name_and_secret_in_the_header_are_encoded_as_forms_are_and_then_as_basic_says() {
        assertIs(BASIC.authenticate(withHeader(basic("s6", SECRET))), "s6");
        assertIs(BASIC.authenticate(withHeader(basic(WEIRD, SECRET))), WEIRD);
        assertIs(BASIC.authenticate(withHeader("bASIC  " + basic("s6", SECRET).substring(6))), "s6");
        // As they are, a plus sign and a percent sign mean something else.
        assertThat(BASIC.authenticate(withHeader("Basic " + base64("s6:" + SECRET))))
                .isEqualTo(new Refused());
    }

    @Test
    void name_and_secret_may_come_in_the_form() {
        assertIs(POST.authenticate(posted("s6", SECRET)), "s6");
        assertIs(POST.authenticate(posted(WEIRD, SECRET)), WEIRD);
    }

    @Test
    void the_secret_before_is_good_while_it_is_being_exchanged() {
        assertIs(BASIC.authenticate(withHeader(basic("s6", OLD_SECRET))), "s6");
        assertIs(POST.authenticate(posted("s6", OLD_SECRET)), "s6");
    }

    @Test
    void a_wrong_secret_and_an_unknown_client_are_refused_alike() {
        for (EndpointRequest request : List.of(
                withHeader(basic("s6", secret())),
                withHeader(basic("nobody", SECRET)),
                posted("s6", secret()),
                posted("nobody", SECRET))) {
            assertThat(ANY.authenticate(request)).isEqualTo(new Refused());
        }
    }

    @Test
    void the_hash_of_a_secret_is_no_secret() {
        byte[] hash = ClientSecret.hash(SECRET).toBytes();

        assertThat(POST.authenticate(posted("s6", Base64.getEncoder().encodeToString(hash))))
                .isEqualTo(new Refused());
        assertThat(POST.authenticate(posted("s6", HexFormat.of().formatHex(hash))))
                .isEqualTo(new Refused());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Basic",
                "Basic ",
                "Basic !!!",
                "Basic czY=",
                "Basic czY6c2VjcmV0===",
                "Basic gICAgA==",
                "Basic JTpz",
                "Basic OiU=",
                "Basic "
            })
    void what_cannot_be_read_is_refused(String header) {
        assertThat(BASIC.authenticate(withHeader(header))).isEqualTo(new Refused());
        assertThat(ANY.authenticate(withHeader(header))).isEqualTo(new Refused());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Digest czY6", "DPoP x", "Negotiate", ""})
    void credentials_of_another_scheme_are_none_for_a_method_and_refused_where_no_method_takes_them(String header) {
        assertThat(BASIC.authenticate(withHeader(header))).isEqualTo(new Missing());
        assertThat(ANY.authenticate(withHeader(header))).isEqualTo(new Refused());
    }

    @Test
    void a_scheme_is_never_taken_for_another() {
        String pair = basic("s6", SECRET).substring(6);

        for (String scheme : List.of("Bearer ", "DPoP ", "Basic:", "BasicX ", "Basic\t")) {
            assertThat(ANY.authenticate(withHeader(scheme + pair))).isEqualTo(new Refused());
        }
    }

    @Test
    void a_method_misses_what_is_for_another_and_where_none_accepts_it_the_caller_is_refused() {
        assertThat(POST.authenticate(withHeader(basic("s6", SECRET)))).isEqualTo(new Missing());
        assertThat(BASIC.authenticate(posted("s6", SECRET))).isEqualTo(new Missing());
        assertThat(PUBLIC.authenticate(posted("app", SECRET))).isEqualTo(new Missing());
        assertThat(ClientAuthenticators.anyOf(BASIC, PUBLIC).authenticate(posted("s6", SECRET)))
                .isEqualTo(new Refused());
        for (ClientAuthenticator one : List.of(BASIC, POST, PUBLIC, ANY)) {
            assertThat(one.authenticate(form("").build())).isEqualTo(new Missing());
        }
    }

    @Test
    void two_methods_are_ambiguous_whichever_are_accepted() {
        List<EndpointRequest> requests = List.of(
                form("client_id=s6&client_secret=" + encoded(SECRET))
                        .header("Authorization", basic("s6", SECRET))
                        .build(),
                form("client_id=s6&client_secret=x&client_assertion=y").build(),
                form("client_assertion_type=x")
                        .header("Authorization", basic("s6", SECRET))
                        .build(),
                form("client_id=s6&client_secret=x")
                        .header("Authorization", "Bearer x")
                        .build(),
                form("").header("Authorization", basic("s6", SECRET))
                        .header("Authorization", basic("s6", SECRET))
                        .build(),
                form("client_id=s6&client_id=s6").build(),
                form("client_secret=s&client_secret=s&client_id=s6").build());

        for (EndpointRequest request : requests) {
            for (ClientAuthenticator one : List.of(BASIC, POST, PUBLIC, ANY)) {
                assertThat(one.authenticate(request)).isEqualTo(new Ambiguous());
            }
        }
    }

    @Test
    void the_form_may_repeat_the_name_in_the_header_and_not_name_another_client() {
        assertIs(
                BASIC.authenticate(form("client_id=s6")
                        .header("Authorization", basic("s6", SECRET))
                        .build()),
                "s6");
        assertThat(ANY.authenticate(form("client_id=app")
                        .header("Authorization", basic("s6", SECRET))
                        .build()))
                .isEqualTo(new Ambiguous());
    }

    @Test
    void a_public_client_is_known_by_its_name_alone_and_a_confidential_one_is_not() {
        assertThat(ANY.authenticate(form("client_id=app").build()))
                .isInstanceOfSatisfying(Authenticated.class, found -> {
                    assertThat(found.client().id().value()).isEqualTo("app");
                    assertThat(found.isConfidential()).isFalse();
                });
        assertThat(ANY.authenticate(form("client_id=s6").build())).isEqualTo(new Refused());
        assertThat(ANY.authenticate(form("client_id=nobody").build())).isEqualTo(new Refused());
        assertThat(ANY.authenticate(posted("app", SECRET))).isEqualTo(new Refused());
    }

    @Test
    void a_body_that_is_no_form_names_nobody() {
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Content-Type", "application/json")
                .body("client_id=app".getBytes(StandardCharsets.UTF_8))
                .build();

        assertThat(ANY.authenticate(request)).isEqualTo(new Missing());
    }

    @Test
    void a_hosts_own_method_stands_beside_those_of_the_standards() {
        ClientAuthenticator mutualTls =
                request -> request.headers("X-Client-Certificate").isEmpty()
                        ? new Missing()
                        : Authenticated.of(RegisteredClient.of(new ClientId(REALM, "tls")));
        ClientAuthenticator any = ClientAuthenticators.anyOf(mutualTls, BASIC, PUBLIC);

        assertIs(
                any.authenticate(form("client_id=tls")
                        .header("X-Client-Certificate", "x")
                        .build()),
                "tls");
        assertIs(any.authenticate(withHeader(basic("s6", SECRET))), "s6");
        assertThat(any.authenticate(form("").header("X-Client-Certificate", "x")
                        .header("Authorization", basic("s6", SECRET))
                        .build()))
                .isEqualTo(new Ambiguous());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "changeit",
                "0123456789012345678901234567890",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "correct horse battery staple correct horse",
                "my-super-secret-client-secret-for-production"
            })
    void a_secret_that_somebody_could_guess_is_refused(String secret) {
        assertThatThrownBy(() -> ClientSecret.hash(secret))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client secret")
                .hasMessageContaining("openssl rand")
                .satisfies(e -> assertThat(secret.isEmpty() || !e.getMessage().contains(secret))
                        .isTrue());
    }

    @Test
    void what_generators_of_secrets_make_is_accepted() {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        for (int i = 0; i < 200; i++) {
            StringBuilder letters = new StringBuilder();
            RANDOM.ints(32, 0, alphabet.length()).forEach(at -> letters.append(alphabet.charAt(at)));
            byte[] bytes = new byte[32];
            RANDOM.nextBytes(bytes);
            for (String secret : List.of(
                    letters.toString(),
                    HexFormat.of().formatHex(bytes),
                    Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))) {
                assertThat(ClientSecret.hash(secret)).isEqualTo(SecretHash.of(secret));
            }
        }
    }

    @Test
    void nothing_of_a_secret_comes_to_a_log() {
        ClientSecret secret =
                ClientSecret.of(RegisteredClient.of(new ClientId(REALM, "s6")), ClientSecret.hash(SECRET));
        EndpointRequest request = posted("s6", SECRET);

        assertThat(secret.toString() + CallerCredentials.of(request) + POST.authenticate(request) + request)
                .doesNotContain(SECRET)
                .doesNotContain("s6");
    }

    @Test
    void methods_are_named_for_metadata() {
        assertThat(ANY.methods()).containsExactly("client_secret_basic", "client_secret_post", "none");
        assertThatThrownBy(ClientAuthenticators::anyOf).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void verifications_in_flight_are_bounded_and_who_waits_too_long_is_told_to_come_back() throws Exception {
        Verifications bounded = new Verifications(1, Duration.ofMillis(1));
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        ExecutorService beside = Executors.newSingleThreadExecutor();
        try {
            Future<Optional<Missing>> first = beside.submit(() -> bounded.run(() -> {
                begun.countDown();
                try {
                    assertThat(end.await(1, TimeUnit.MINUTES)).isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return new Missing();
            }));
            assertThat(begun.await(1, TimeUnit.MINUTES)).isTrue();

            assertThat(bounded.run(Missing::new)).isEmpty();
            end.countDown();
            assertThat(first.get(1, TimeUnit.MINUTES)).contains(new Missing());
            assertThat(bounded.run(Missing::new)).contains(new Missing());
        } finally {
            beside.shutdownNow();
        }
    }

    @Test
    void methods_may_be_nested_and_wrapped() {
        ClientAuthenticator counting = request -> BASIC.authenticate(request);
        ClientAuthenticator publicToo = request -> PUBLIC.authenticate(request);
        for (ClientAuthenticator any : List.of(
                ClientAuthenticators.anyOf(ClientAuthenticators.anyOf(BASIC, PUBLIC), POST),
                ClientAuthenticators.anyOf(counting, POST, PUBLIC),
                ClientAuthenticators.anyOf(counting, publicToo, POST))) {
            assertIs(any.authenticate(posted("s6", SECRET)), "s6");
            assertIs(any.authenticate(withHeader(basic("s6", SECRET))), "s6");
            assertThat(any.authenticate(posted("s6", secret()))).isEqualTo(new Refused());
            assertThat(any.authenticate(withHeader(basic("s6", secret())))).isEqualTo(new Refused());
            assertThat(any.authenticate(form("client_id=app").build())).isInstanceOf(Authenticated.class);
            assertThat(any.authenticate(form("").build())).isEqualTo(new Missing());
        }
    }

    @Test
    void of_several_registries_of_public_clients_all_are_asked() {
        ClientAuthenticator others = ClientAuthenticators.publicClient(
                id -> id.equals("tv") ? Optional.of(RegisteredClient.of(new ClientId(REALM, id))) : Optional.empty());
        ClientAuthenticator any = ClientAuthenticators.anyOf(PUBLIC, others);

        for (String id : List.of("app", "tv")) {
            assertThat(any.authenticate(form("client_id=" + id).build())).isInstanceOf(Authenticated.class);
        }
        assertThat(any.authenticate(form("client_id=nobody").build())).isEqualTo(new Refused());
    }

    @Test
    void beside_a_hosts_method_neither_another_name_nor_a_second_credential_passes() {
        ClientAuthenticator mutualTls = new ClientAuthenticator() {
            @Override
            public ClientAuthentication authenticate(EndpointRequest request) {
                return request.headers("X-Client-Certificate").isEmpty()
                        ? new Missing()
                        : Authenticated.of(RegisteredClient.of(new ClientId(REALM, "tls")));
            }

            @Override
            public List<String> methods() {
                return List.of("tls_client_auth");
            }
        };
        ClientAuthenticator nameless = any -> mutualTls.authenticate(any);
        for (String body : List.of("client_id=other", "client_id=other&client_secret=zzz")) {
            EndpointRequest request =
                    form(body).header("X-Client-Certificate", "x").build();
            for (ClientAuthenticator one : List.of(mutualTls, nameless)) {
                assertThat(ClientAuthenticators.anyOf(one, BASIC).authenticate(request))
                        .as(body)
                        .isEqualTo(new Ambiguous());
            }
        }
        for (String body : List.of("client_id=tls&client_secret=zzz", "client_assertion=x&client_assertion_type=y")) {
            assertThat(ClientAuthenticators.anyOf(mutualTls, BASIC)
                            .authenticate(form(body)
                                    .header("X-Client-Certificate", "x")
                                    .build()))
                    .as(body)
                    .isEqualTo(new Ambiguous());
        }
        assertIs(
                ClientAuthenticators.anyOf(mutualTls, BASIC)
                        .authenticate(form("client_id=tls")
                                .header("X-Client-Certificate", "x")
                                .build()),
                "tls");
    }
}
