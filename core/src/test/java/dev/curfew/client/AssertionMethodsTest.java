package dev.curfew.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.RevocationCause;
import dev.curfew.SessionService;
import dev.curfew.check.OutagePolicy;
import dev.curfew.check.TokenRevocationChecker;
import dev.curfew.check.WatchedStore;
import dev.curfew.client.ClientAuthentication.Ambiguous;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.ClientAuthentication.Forbidden;
import dev.curfew.client.ClientAuthentication.Missing;
import dev.curfew.client.ClientAuthentication.Refused;
import dev.curfew.client.ClientAuthentication.Unavailable;
import dev.curfew.contract.ManualClock;
import dev.curfew.contract.TestTokens;
import dev.curfew.http.EndpointRequest;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.oauth.GlobalRevocationEndpoint;
import dev.curfew.oauth.RevocationSubjects;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.LookupKey;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.store.RecordKey;
import dev.curfew.store.RecordPage;
import dev.curfew.store.SharedRecord;
import dev.curfew.store.SharedRecords;
import dev.curfew.store.StoreUnavailableException;
import dev.curfew.token.EventTokenPolicy;
import dev.curfew.token.EventTokenPolicy.Profile;
import dev.curfew.token.EventTokenVerifier;
import dev.curfew.token.TokenKeys;
import dev.curfew.token.TokenVerifier;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Callers that sign, and callers that bring an access token. */
class AssertionMethodsTest {
    private static final Realm REALM = Realm.of("shop");
    private static final String AUDIENCE = "https://login.example.com";
    private static final String OKTA = "https://example.okta.com";
    private static final String ENDPOINT = "https://login.example.com/global-token-revocation";
    private static final String JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final ECKey KEY = key();
    private static final ECKey OTHER_KEY = key();

    private final ManualClock clock = ManualClock.at(Instant.parse("2026-03-01T12:00:00Z"));
    private final AtomicInteger jti = new AtomicInteger();
    private final TestTokens tokens = TestTokens.ours(REALM, clock);
    private final InMemorySessionStore memory =
            InMemorySessionStore.builder().ticker(clock.ticker()).build();
    private final WatchedStore store = new WatchedStore(memory);
    private final SessionService service = SessionService.builder()
            .store(store)
            .lifetimes(SessionLifetimes.aal2())
            .tokenPolicies(tokens.policy())
            .clock(clock, clock.ticker())
            .authoritativeChecks()
            .withoutAuditLog()
            .build();
    private final Records records = new Records(
            memory.ability(SharedRecords.class).orElseThrow(),
            new AtomicInteger(),
            new AtomicBoolean(),
            ConcurrentHashMap.newKeySet(),
            new AtomicReference<>(() -> {}));
    private final RegisteredClient web = RegisteredClient.of(new ClientId(REALM, "web"));
    private final ClientKeys keys = ClientKeys.of(web, verifier(Profile.CLIENT_ASSERTION, "web", AUDIENCE));
    private final ClientAuthenticator method = ClientAuthenticators.privateKeyJwt(
            id -> id.equals("web") ? Optional.of(keys) : Optional.empty(), records, clock);

    /** Those of a real store, behind a hand that counts calls and can make them fail. */
    private record Records(
            SharedRecords real,
            AtomicInteger calls,
            AtomicBoolean isDown,
            Set<LookupKey> groups,
            AtomicReference<Runnable> hold)
            implements SharedRecords {
        private SharedRecords asked() {
            calls.incrementAndGet();
            if (isDown.get()) {
                throw new StoreUnavailableException("records", null);
            }
            return real;
        }

        @Override
        public Optional<SharedRecord> read(RecordKey key, Instant now) {
            return asked().read(key, now);
        }

        @Override
        public boolean write(RecordKey key, long expected, byte[] value, Instant forgetAfter, Instant now) {
            groups.add(key.group());
            hold.get().run();
            return asked().write(key, expected, value, forgetAfter, now);
        }

        @Override
        public boolean remove(RecordKey key, long expected, Instant now) {
            return asked().remove(key, expected, now);
        }

        @Override
        public RecordPage list(LookupKey group, Optional<LookupKey> after, int limit, Instant now) {
            return asked().list(group, after, limit, now);
        }
    }

    @BeforeEach
    void beginBeyondTheBirthOfTheStore() {
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        service.close();
    }

    private static ECKey key() {
        try {
            return new ECKeyGenerator(Curve.P_256).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private EventTokenVerifier verifier(Profile profile, String issuer, String audience) {
        return EventTokenVerifier.of(
                EventTokenPolicy.of(profile, REALM, issuer)
                        .keys(TokenKeys.ofJwkSet(
                                "{\"keys\":[" + KEY.toPublicJWK().toJSONString() + "]}"))
                        .algorithms("ES256")
                        .audience(audience)
                        .build(),
                clock);
    }

    private Map<String, Object> claims() {
        long now = clock.instant().getEpochSecond();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", "web");
        claims.put("sub", "web");
        claims.put("aud", AUDIENCE);
        claims.put("jti", "jti-" + jti.incrementAndGet());
        claims.put("iat", now);
        claims.put("exp", now + 60);
        return claims;
    }

    private Map<String, Object> claims(String name, Object value) {
        Map<String, Object> claims = claims();
        if (value == null) {
            claims.remove(name);
        } else {
            claims.put(name, value);
        }
        return claims;
    }

    private static String sign(ECKey key, String type, Map<String, Object> claims) {
        try {
            JWSObject token = new JWSObject(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .type(new JOSEObjectType(type))
                            .build(),
                    new Payload(claims));
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static EndpointRequest.Builder form(String body) {
        return EndpointRequest.of("POST")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(body.getBytes(StandardCharsets.UTF_8));
    }

    private static EndpointRequest posted(String assertion) {
        return form("client_assertion=" + assertion + "&client_assertion_type="
                        + URLEncoder.encode(JWT_BEARER, StandardCharsets.UTF_8))
                .build();
    }

    private ClientAuthentication authenticate(Map<String, Object> claims) {
        return method.authenticate(posted(sign(KEY, "JWT", claims)));
    }

    @Test
    void an_assertion_of_the_client_about_itself_is_good_once_on_all_nodes() {
        Map<String, Object> claims = claims();
        EndpointRequest request = posted(sign(KEY, "JWT", claims));
        ClientAuthenticator otherNode = ClientAuthenticators.privateKeyJwt(id -> Optional.of(keys), records, clock);

        assertThat(method.authenticate(request)).isInstanceOfSatisfying(Authenticated.class, found -> {
            assertThat(found.client()).isSameAs(web);
            assertThat(found.isConfidential()).isTrue();
            assertThat(found.assertion()).contains((String) claims.get("jti"));
            assertThat(found.toString()).doesNotContain("jti");
        });
        assertThat(otherNode.authenticate(request)).isEqualTo(new Refused());
        assertThat(method.authenticate(request)).isEqualTo(new Refused());
        assertThat(records.calls()).hasValue(3);
    }

    @Test
    void of_many_nodes_that_receive_one_assertion_at_once_exactly_one_lets_it_pass() throws Exception {
        int nodes = 8;
        EndpointRequest request = posted(sign(KEY, "JWT", claims()));
        CyclicBarrier start = new CyclicBarrier(nodes);
        ExecutorService threads = Executors.newFixedThreadPool(nodes);
        try {
            List<Future<ClientAuthentication>> answers = new ArrayList<>();
            for (int node = 0; node < nodes; node++) {
                ClientAuthenticator ofNode =
                        ClientAuthenticators.privateKeyJwt(id -> Optional.of(keys), records, clock);
                answers.add(threads.submit(() -> {
                    start.await(1, TimeUnit.MINUTES);
                    return ofNode.authenticate(request);
                }));
            }
            int passed = 0;
            for (Future<ClientAuthentication> answer : answers) {
                passed += answer.get(1, TimeUnit.MINUTES) instanceof Authenticated ? 1 : 0;
            }
            assertThat(passed).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void an_assertion_is_remembered_as_long_as_it_would_be_accepted() {
        EndpointRequest request = posted(sign(KEY, "JWT", claims()));
        assertThat(method.authenticate(request)).isInstanceOf(Authenticated.class);

        for (int second = 0; second < 120; second++) {
            clock.advance(Duration.ofSeconds(1));
            assertThat(method.authenticate(request)).isEqualTo(new Refused());
        }
    }

    @Test
    void an_outage_of_the_records_is_not_a_pass() {
        EndpointRequest request = posted(sign(KEY, "JWT", claims()));
        records.isDown().set(true);
        assertThatThrownBy(() -> method.authenticate(request)).isInstanceOf(StoreUnavailableException.class);
        records.isDown().set(false);

        assertThat(method.authenticate(request)).isInstanceOf(Authenticated.class);
    }

    @Test
    void what_is_wrong_with_an_assertion_alone_refuses_it_and_costs_no_round_trip() {
        long now = clock.instant().getEpochSecond();
        List<Map<String, Object>> wrong = List.of(
                claims("iss", "other"),
                claims("iss", null),
                claims("sub", "other"),
                claims("sub", null),
                claims("aud", "https://else.example.com"),
                claims("aud", AUDIENCE + "/"),
                claims("aud", List.of(AUDIENCE, "https://else.example.com")),
                claims("aud", null),
                claims("jti", null),
                claims("exp", null),
                claims("exp", now - 60),
                claims("exp", now + 3_600),
                claims("iat", now + 3_600));

        assertThat(wrong).allSatisfy(claims -> assertThat(authenticate(claims)).isEqualTo(new Refused()));
        assertThat(method.authenticate(posted(sign(OTHER_KEY, "JWT", claims()))))
                .isEqualTo(new Refused());
        assertThat(method.authenticate(posted(sign(KEY, "at+jwt", claims())))).isEqualTo(new Refused());
        assertThat(method.authenticate(posted("no-jwt"))).isEqualTo(new Refused());
        assertThat(records.calls()).hasValue(0);
        assertThat(authenticate(claims())).isInstanceOf(Authenticated.class);
    }

    @Test
    void the_type_of_the_assertion_must_be_said_and_another_client_must_not_be_named() {
        String assertion = sign(KEY, "JWT", claims());
        String type = "&client_assertion_type=" + URLEncoder.encode(JWT_BEARER, StandardCharsets.UTF_8);

        assertThat(method.authenticate(form("client_assertion=" + assertion).build()))
                .isEqualTo(new Refused());
        assertThat(method.authenticate(form("client_assertion_type=x").build())).isEqualTo(new Refused());
        assertThat(method.authenticate(form("client_id=other&client_assertion=" + assertion + type)
                        .build()))
                .isEqualTo(new Ambiguous());
        assertThat(method.authenticate(form("client_id=web&client_assertion=" + assertion + type)
                        .build()))
                .isInstanceOf(Authenticated.class);
        assertThat(method.authenticate(form("client_id=web").build())).isEqualTo(new Missing());
    }

    @Test
    void keys_are_of_the_client_and_of_its_assertions() {
        assertThatThrownBy(() -> ClientKeys.of(web, verifier(Profile.CLIENT_ASSERTION, "other", AUDIENCE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another issuer");
        assertThatThrownBy(() -> ClientKeys.of(web, verifier(Profile.REVOCATION_ASSERTION, "web", AUDIENCE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CLIENT_ASSERTION");
        assertThat(keys.toString()).doesNotContain("web");
        assertThat(method.methods()).containsExactly("private_key_jwt");
    }

    @Test
    void a_signed_request_is_for_one_address_and_good_for_one_request_which_may_come_again() {
        RegisteredClient okta = RegisteredClient.of(new ClientId(REALM, "okta"));
        ClientAuthenticator signed = ClientAuthenticators.signedJwt(
                verifier(Profile.REVOCATION_ASSERTION, OKTA, ENDPOINT),
                issuer -> issuer.equals(OKTA) ? Optional.of(okta) : Optional.empty(),
                records,
                clock);
        Map<String, Object> claims = claims("iss", OKTA);
        claims.put("aud", ENDPOINT);
        String text = sign(KEY, "global-token-revocation+jwt", claims);
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Authorization", "Bearer " + text)
                .build();

        assertThat(signed.authenticate(request)).isInstanceOfSatisfying(Authenticated.class, found -> {
            assertThat(found.client()).isSameAs(okta);
            assertThat(found.assertion()).contains((String) claims.get("jti"));
        });
        assertThat(signed.authenticate(request))
                .isInstanceOfSatisfying(
                        Authenticated.class,
                        again -> assertThat(again.assertion()).contains((String) claims.get("jti")));
        assertThat(signed.authenticate(EndpointRequest.of("POST")
                        .header("Authorization", "Bearer " + text)
                        .body(new byte[1])
                        .build()))
                .isEqualTo(new Refused());
        clock.advance(Duration.ofMinutes(10));
        assertThat(signed.authenticate(request)).isEqualTo(new Refused());
        claims.put("iat", clock.instant().getEpochSecond());
        claims.put("exp", clock.instant().getEpochSecond() + 60);
        claims.put("jti", "another");
        claims.put("aud", ENDPOINT + "/");
        assertThat(signed.authenticate(EndpointRequest.of("POST")
                        .header("Authorization", "Bearer " + sign(KEY, "global-token-revocation+jwt", claims))
                        .build()))
                .isEqualTo(new Refused());
        claims.put("aud", ENDPOINT);
        assertThat(signed.authenticate(EndpointRequest.of("POST")
                        .header("Authorization", "Bearer " + sign(KEY, "JWT", claims))
                        .build()))
                .isEqualTo(new Refused());
        assertThatThrownBy(() -> ClientAuthenticators.signedJwt(
                        verifier(Profile.CLIENT_ASSERTION, OKTA, ENDPOINT), issuer -> Optional.of(okta), records))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("REVOCATION_ASSERTION");
    }

    @Test
    void an_access_token_needs_its_scope_a_client_and_a_good_standing() {
        TokenVerifier verifier =
                TokenVerifier.builder(tokens.policy()).clock(clock).build();
        TokenRevocationChecker checker = TokenRevocationChecker.authoritative(store)
                .clock(clock)
                .duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES)
                .build();
        ClientAuthenticator bearer = ClientAuthenticators.bearer(verifier, checker, "introspect");
        TestTokens.Draft draft = tokens.draft("machine").with("scope", "read introspect");
        String good = draft.compact();

        assertThat(bearer.authenticate(bearing(good)))
                .isInstanceOfSatisfying(
                        Authenticated.class,
                        found -> assertThat(found.client().id()).isEqualTo(new ClientId(REALM, "web")));
        assertThat(bearer.authenticate(bearing(tokens.draft("machine")
                        .with("scp", List.of("introspect"))
                        .compact())))
                .isInstanceOf(Authenticated.class);
        assertThat(bearer.authenticate(bearing(
                        tokens.draft("machine").with("scope", "introspection").compact())))
                .isEqualTo(new Forbidden());
        assertThat(bearer.authenticate(bearing(tokens.draft("machine").compact())))
                .isEqualTo(new Forbidden());
        assertThat(bearer.authenticate(bearing(draft.without("client_id").compact())))
                .isEqualTo(new Refused());
        assertThat(bearer.authenticate(bearing("x"))).isEqualTo(new Refused());
        String bound = tokens.draft("machine")
                .with("scope", "introspect")
                .with(
                        "cnf",
                        Map.of(
                                "jkt",
                                SenderKey.of(SenderKey.Kind.JKT, new byte[32]).thumbprint()))
                .compact();
        assertThat(bearer.authenticate(bearing(bound))).isEqualTo(new Refused());

        service.revokeToken(verifier.verify(good), RevocationCause.byUser(RevocationReason.USER_LOGOUT));
        assertThat(bearer.authenticate(bearing(good))).isEqualTo(new Refused());
        store.goDown();
        assertThat(bearer.authenticate(bearing(good))).isEqualTo(new Unavailable());
        store.recover();
    }

    private static EndpointRequest bearing(String token) {
        return EndpointRequest.of("POST")
                .header("Authorization", "Bearer " + token)
                .build();
    }

    @Test
    void a_signed_revocation_that_met_an_outage_succeeds_when_it_is_repeated_and_spares_the_login_after_it() {
        RegisteredClient okta = RegisteredClient.of(new ClientId(REALM, "okta"));
        SubjectId alice = new SubjectId(REALM, "alice");
        GlobalRevocationEndpoint endpoint = GlobalRevocationEndpoint.of(
                        service,
                        ClientAuthenticators.signedJwt(
                                verifier(Profile.REVOCATION_ASSERTION, OKTA, ENDPOINT),
                                issuer -> Optional.of(okta),
                                records,
                                clock),
                        (identifier, caller) -> RevocationSubjects.of(Set.of(alice)))
                .clock(clock)
                .build();
        Map<String, Object> claims = claims("iss", OKTA);
        claims.put("aud", ENDPOINT);
        String body = "{\"sub_id\":{\"format\":\"iss_sub\",\"iss\":\"" + OKTA + "\",\"sub\":\"alice\"}}";
        EndpointRequest request = EndpointRequest.of("POST")
                .header("Authorization", "Bearer " + sign(KEY, "global-token-revocation+jwt", claims))
                .header("Content-Type", "application/json")
                .body(body.getBytes(StandardCharsets.UTF_8))
                .build();
        Session before = login(alice);
        store.goDown();
        assertThat(endpoint.answer(request).status()).isEqualTo(503);
        store.recover();
        assertThat(isLive(before)).isTrue();

        assertThat(endpoint.answer(request).status()).isEqualTo(204);
        assertThat(isLive(before)).isFalse();
        Session after = login(alice);
        assertThat(endpoint.answer(request).status()).isEqualTo(204);
        assertThat(isLive(after)).isTrue();
    }

    private Session login(SubjectId subject) {
        clock.advance(Duration.ofSeconds(1));
        return ((LoggedIn) service.beginLogin(subject).complete(DeviceInfo.of("Firefox on Linux"))).session();
    }

    private boolean isLive(Session session) {
        return service.findSession(session.ref()).orElseThrow().isLive(clock.instant());
    }

    /** Else the assertions of one caller are all in one place of the store. */
    @Test
    void assertions_that_end_in_different_minutes_are_kept_in_different_groups() {
        for (int minute = 0; minute < 3; minute++) {
            assertThat(authenticate(claims())).isInstanceOf(Authenticated.class);
            assertThat(authenticate(claims())).isInstanceOf(Authenticated.class);
            clock.advance(Duration.ofMinutes(1));
        }

        assertThat(records.groups()).hasSize(3);
    }

    @Test
    void who_waits_for_the_records_holds_up_nobody_else() throws Exception {
        int crowd = 65;
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(crowd);
        records.hold().set(() -> {
            waiting.countDown();
            try {
                assertThat(gate.await(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        ExecutorService threads = Executors.newFixedThreadPool(crowd);
        try {
            List<Future<ClientAuthentication>> answers = new ArrayList<>();
            for (int i = 0; i < crowd; i++) {
                EndpointRequest request = posted(sign(KEY, "JWT", claims()));
                answers.add(threads.submit(() -> method.authenticate(request)));
            }
            assertThat(waiting.await(1, TimeUnit.MINUTES)).as("all at once").isTrue();
            gate.countDown();
            for (Future<ClientAuthentication> answer : answers) {
                assertThat(answer.get(1, TimeUnit.MINUTES)).isInstanceOf(Authenticated.class);
            }
        } finally {
            gate.countDown();
            threads.shutdownNow();
        }
    }

    @Test
    void an_access_token_beside_the_name_of_another_client_is_ambiguous() {
        TokenVerifier verifier =
                TokenVerifier.builder(tokens.policy()).clock(clock).build();
        TokenRevocationChecker checker =
                TokenRevocationChecker.authoritative(store).clock(clock).build();
        ClientAuthenticator bearer = ClientAuthenticators.bearer(verifier, checker, "introspect");
        String token = tokens.draft("machine").with("scope", "introspect").compact();

        assertThat(bearer.authenticate(form("client_id=other")
                        .header("Authorization", "Bearer " + token)
                        .build()))
                .isEqualTo(new Ambiguous());
        assertThat(bearer.authenticate(form("client_id=web")
                        .header("Authorization", "Bearer " + token)
                        .build()))
                .isInstanceOf(Authenticated.class);
    }
}
