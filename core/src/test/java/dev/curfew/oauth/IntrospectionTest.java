package dev.curfew.oauth;

import static dev.curfew.oauth.OauthHost.API;
import static dev.curfew.oauth.OauthHost.APP;
import static dev.curfew.oauth.OauthHost.OTHER;
import static dev.curfew.oauth.OauthHost.RESOURCE;
import static dev.curfew.oauth.OauthHost.WEB;
import static dev.curfew.oauth.OauthHost.as;
import static dev.curfew.oauth.OauthHost.form;
import static dev.curfew.oauth.OauthHost.whole;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.RevocationCause;
import dev.curfew.check.OutagePolicy;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.RegisteredClient;
import dev.curfew.contract.TestTokens;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.ClientId;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SigningKey;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** RFC 7662: OAU-09. */
class IntrospectionTest {
    private static final String INACTIVE =
            "200\nContent-Type: application/json\nCache-Control: no-store\n\n{\"active\":false}";

    private final OauthHost host = new OauthHost();
    private final IntrospectionEndpoint endpoint = endpoint(host).build();

    private static IntrospectionEndpoint.Builder endpoint(OauthHost host) {
        return IntrospectionEndpoint.of(host.service, OauthHost.clients(), PresentedTokens.verifiedBy(host.verifier));
    }

    private EndpointResponse introspect(ClientId caller, String token) {
        return endpoint.answer(as(caller, form("token", token)));
    }

    private static Map<String, Object> json(EndpointResponse response) {
        assertThat(response.status()).isEqualTo(200);
        try {
            return JSONObjectUtils.parse(response.bodyText());
        } catch (ParseException e) {
            throw new AssertionError(response.bodyText(), e);
        }
    }

    @Test
    void an_access_token_is_described_to_the_resource_that_it_is_for() {
        LoggedIn login = host.loginOf(WEB);
        TestTokens.Draft draft = host.tokens
                .draft(login.session())
                .with("jti", "j-1")
                .with("scope", "read write")
                .with("email", "alice@example.com");

        EndpointResponse response = introspect(API, draft.compact());

        long now = host.clock.instant().getEpochSecond();
        assertThat(response.bodyText())
                .isEqualTo("{\"active\":true,\"client_id\":\"web\",\"sub\":\"alice\",\"aud\":\"" + RESOURCE
                        + "\",\"iss\":\"https://shop.example.com\",\"jti\":\"j-1\",\"exp\":"
                        + (now + TestTokens.LIFETIME.toSeconds()) + ",\"iat\":" + now + ",\"auth_time\":" + now
                        + ",\"scope\":\"read write\",\"token_type\":\"Bearer\"}");
        assertThat(response.header("Content-Type")).contains("application/json");
        assertThat(response.header("Cache-Control")).contains("no-store");
    }

    @Test
    void members_have_the_types_that_their_standard_gives_them() {
        LoggedIn login = host.loginOf(WEB);
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        String token = host.tokens
                .draft(login.session())
                .with("aud", List.of("https://other.example.com", RESOURCE))
                .with("scp", List.of("read", "write"))
                .with("iat", host.clock.instant().getEpochSecond() + 0.5)
                .with("username", 7)
                .with("cnf", Map.of("jkt", key.thumbprint()))
                .compact();

        Map<String, Object> json = json(introspect(API, token));

        assertThat(json)
                .containsEntry("aud", List.of("https://other.example.com", RESOURCE))
                .containsEntry("scope", "read write")
                .containsEntry("iat", host.clock.instant().getEpochSecond())
                .containsEntry("cnf", Map.of("jkt", key.thumbprint()))
                .containsEntry("token_type", "DPoP")
                .doesNotContainKeys("username", "scp", "sid");
    }

    @Test
    void every_cause_to_be_inactive_has_the_same_16_bytes() {
        LoggedIn login = host.loginOf(WEB);
        LoggedIn ended = host.loginOf(WEB);
        LoggedIn session = host.login(attempt -> attempt.client(WEB).withSessionToken());
        String refresh = login.token().orElseThrow().reveal();
        String expired = host.accessToken(login.session());
        host.clock.advance(TestTokens.LIFETIME.plusMinutes(1));
        String access = host.accessToken(login.session());
        String revoked = host.accessToken(login.session());
        String ofEnded = host.accessToken(ended.session());
        RevocationCause cause = RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-7");
        host.service.revokeToken(host.verifier.verify(revoked), cause);
        host.service.revokeSession(OauthHost.ALICE, ended.session().handle(), cause);
        Set<String> answers = new LinkedHashSet<>();
        for (String token : List.of(
                "nobody knows this",
                "cfr1_broken",
                "cfs1_broken",
                expired,
                revoked,
                ofEnded,
                ended.token().orElseThrow().reveal(),
                session.token().orElseThrow().reveal(),
                refresh,
                access.substring(0, access.length() - 2) + "AA",
                host.tokens
                        .draft(login.session())
                        .with("aud", "https://else.example.com")
                        .compact())) {
            answers.add(whole(introspect(API, token)));
        }
        answers.add(whole(introspect(OTHER, access)));
        answers.add(whole(introspect(OTHER, refresh)));

        assertThat(answers).containsExactly(INACTIVE);
        assertThat(introspect(OTHER, access).body()).hasSize(16);
        assertThat(json(introspect(API, access))).containsEntry("active", true);
    }

    @Test
    void a_refresh_token_is_active_for_its_client_alone_and_until_it_is_exchanged() {
        LoggedIn login = host.loginOf(WEB);
        String first = login.token().orElseThrow().reveal();
        host.store.takeCalls();

        assertThat(json(introspect(WEB, first)))
                .containsOnlyKeys("active", "client_id", "sub", "exp", "iat", "auth_time", "scope")
                .containsEntry("client_id", "web")
                .containsEntry("scope", "read write");
        assertThat(host.store.takeCalls()).containsExactly("find");

        Refreshed refreshed = (Refreshed) host.service
                .credentials()
                .refresh(RefreshRequest.of(OauthHost.REALM, first).client(WEB));
        assertThat(whole(introspect(WEB, first))).isEqualTo(INACTIVE);
        assertThat(json(introspect(WEB, refreshed.refreshToken().reveal()))).containsEntry("active", true);
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void a_session_token_is_active_for_the_resource_that_session_tokens_are_for() {
        LoggedIn login = host.login(attempt -> attempt.client(WEB).withSessionToken());
        String token = login.token().orElseThrow().reveal();
        IntrospectionEndpoint withSessions = endpoint(host)
                .sessionTokensFor(RESOURCE)
                .claims(ClaimFilter.standardAnd("sid"))
                .build();

        assertThat(json(withSessions.answer(as(API, form("token", token)))))
                .containsEntry("active", true)
                .containsEntry("aud", RESOURCE)
                .containsEntry("sub", "alice")
                .containsEntry("token_type", "Bearer")
                .containsEntry("sid", login.session().handle().value())
                .containsEntry("exp", login.session().expiresAt().getEpochSecond());
        assertThat(whole(withSessions.answer(as(WEB, form("token", token))))).isEqualTo(INACTIVE);

        host.service.credentials().revokeByToken(OauthHost.REALM, token, WEB);
        assertThat(whole(withSessions.answer(as(API, form("token", token))))).isEqualTo(INACTIVE);
    }

    @Test
    void that_a_token_is_active_is_a_sign_of_life_unless_the_host_says_otherwise() {
        Duration idle = SessionLifetimes.aal2().idle();
        LoggedIn used = host.login(attempt -> attempt.client(WEB).withSessionToken());
        LoggedIn watched = host.login(attempt -> attempt.client(WEB).withSessionToken());
        IntrospectionEndpoint.Builder builder = endpoint(host).sessionTokensFor(RESOURCE);
        IntrospectionEndpoint touching = builder.build();
        IntrospectionEndpoint silent = builder.withoutTouch().build();
        host.clock.advance(idle.minusMinutes(1));

        json(touching.answer(as(API, form("token", used.token().orElseThrow().reveal()))));
        json(silent.answer(as(API, form("token", watched.token().orElseThrow().reveal()))));
        host.clock.advance(Duration.ofMinutes(2));

        assertThat(host.isLive(used.session())).isTrue();
        assertThat(host.isLive(watched.session())).isFalse();
    }

    @Test
    void a_filter_decides_what_a_caller_is_shown() {
        LoggedIn login = host.loginOf(WEB);
        String token = host.tokens
                .draft(login.session())
                .with("roles", List.of("admin"))
                .with("profile", new TreeMap<>(Map.of("level", 3, "ratio", 0.5)))
                .with("active", "maybe")
                .compact();
        IntrospectionEndpoint some = endpoint(host)
                .claims((claim, caller) -> caller.id().equals(API)
                        && Set.of("roles", "profile", "active").contains(claim))
                .build();

        assertThat(some.answer(as(API, form("token", token))).bodyText())
                .isEqualTo("{\"active\":true,\"aud\":\"" + RESOURCE + "\",\"token_type\":\"Bearer\",\"roles\":"
                        + "[\"admin\"],\"profile\":{\"level\":3,\"ratio\":0.5}}");
    }

    @Test
    void nobody_introspects_without_having_proven_who_it_is() {
        LoggedIn login = host.loginOf(APP);
        String refresh = login.token().orElseThrow().reveal();
        host.store.takeCalls();

        for (EndpointRequest request : List.of(
                form("token", refresh).build(),
                form("token", refresh, "client_id", "app").build(),
                form("token", refresh, "client_id", "api").build(),
                form("token", refresh)
                        .header("Authorization", OauthHost.basic("api", "wrong"))
                        .build())) {
            EndpointResponse response = endpoint.answer(request);
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.bodyText()).startsWith("{\"error\":\"invalid_client\"");
            assertThat(response.headers("WWW-Authenticate")).isNotEmpty();
        }
        assertThat(host.store.takeCalls()).isEmpty();
    }

    @Test
    void an_outage_is_503_whatever_the_outage_policy_is() {
        OauthHost lenient = new OauthHost(builder ->
                builder.authoritativeChecks().duringOutages(OutagePolicy.ALLOW_REVOKED_TOKENS_DURING_OUTAGES));
        LoggedIn login = lenient.loginOf(WEB);
        LoggedIn session = lenient.login(attempt -> attempt.client(WEB).withSessionToken());
        String access = lenient.accessToken(login.session());
        IntrospectionEndpoint open =
                endpoint(lenient).sessionTokensFor(RESOURCE).build();
        lenient.store.goDown();

        assertThat(lenient.isAccepted(access)).isTrue();
        for (EndpointRequest request : List.of(
                as(API, form("token", access)),
                as(API, form("token", session.token().orElseThrow().reveal())),
                as(WEB, form("token", login.token().orElseThrow().reveal())))) {
            EndpointResponse response = open.answer(request);
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers("Retry-After")).containsExactly("2");
            assertThat(response.bodyText()).startsWith("{\"error\":\"temporarily_unavailable\"");
        }
    }

    @Test
    void with_a_replica_a_warm_answer_costs_no_call_of_the_store_and_a_fresh_one_reads_the_feed() {
        OauthHost near = new OauthHost(builder -> builder);
        try {
            LoggedIn login = near.loginOf(WEB);
            LoggedIn session = near.login(attempt -> attempt.client(WEB).withSessionToken());
            String access = near.accessToken(login.session());
            String opaque = session.token().orElseThrow().reveal();
            IntrospectionEndpoint warm =
                    endpoint(near).sessionTokensFor(RESOURCE).build();
            IntrospectionEndpoint fresh =
                    endpoint(near).sessionTokensFor(RESOURCE).fresh().build();
            for (String token : List.of(access, opaque)) {
                json(warm.answer(as(API, form("token", token))));
            }
            near.store.takeCalls();

            for (String token : List.of(access, opaque, access, opaque)) {
                assertThat(json(warm.answer(as(API, form("token", token))))).containsEntry("active", true);
            }
            assertThat(near.store.takeCalls()).doesNotContain("find", "revocationsCovering");

            assertThat(json(fresh.answer(as(API, form("token", access))))).containsEntry("active", true);
            assertThat(near.store.takeCalls()).doesNotContain("find", "revocationsCovering");
            assertThat(json(fresh.answer(as(API, form("token", opaque))))).containsEntry("active", true);
            assertThat(near.store.takeCalls()).containsOnlyOnce("find");
        } finally {
            near.service.close();
        }
    }

    @Test
    void a_caller_that_may_not_act_on_a_realm_learns_nothing_of_its_tokens() {
        LoggedIn login = host.loginOf(WEB);
        ClientId stranger = new ClientId(Realm.of("partner"), "api");
        IntrospectionEndpoint foreign = IntrospectionEndpoint.of(
                        host.service,
                        request ->
                                Authenticated.of(RegisteredClient.of(stranger).resources(RESOURCE)),
                        PresentedTokens.verifiedBy(host.verifier))
                .build();
        String access = host.accessToken(login.session());

        assertThat(whole(foreign.answer(form("token", access).build()))).isEqualTo(INACTIVE);
    }

    @Test
    void what_the_host_knows_besides_jwts_is_described_by_its_claims() {
        LoggedIn login = host.loginOf(WEB);
        Map<String, Object> claims = Map.copyOf(host.tokens.of(login.session()).claims());
        IntrospectionEndpoint opaque = IntrospectionEndpoint.of(
                        host.service,
                        OauthHost.clients(),
                        PresentedTokens.verifiedBy(host.verifier).or(text -> switch (text) {
                            case "opaque" ->
                                Optional.of(PresentedToken.access(host.verifier.alreadyVerified(claims, "opaque")));
                            case "refresh" ->
                                Optional.of(PresentedToken.refresh(host.verifier.alreadyVerified(claims, "opaque")));
                            case "code" -> Optional.of(PresentedToken.other());
                            default -> Optional.empty();
                        }))
                .build();

        assertThat(json(opaque.answer(as(API, form("token", "opaque")))))
                .containsEntry("active", true)
                .containsEntry("token_type", "Bearer");
        assertThat(json(opaque.answer(as(WEB, form("token", "refresh"))))).doesNotContainKey("token_type");
        assertThat(whole(opaque.answer(as(API, form("token", "refresh"))))).isEqualTo(INACTIVE);
        assertThat(whole(opaque.answer(as(API, form("token", "code"))))).isEqualTo(INACTIVE);
        host.clock.advance(Duration.ofHours(1));
        assertThat(whole(opaque.answer(as(API, form("token", "opaque"))))).isEqualTo(INACTIVE);
    }

    @Test
    void who_asks_for_a_signed_answer_gets_a_jwt_that_is_no_access_token() throws Exception {
        ECKey pair = new ECKeyGenerator(Curve.P_256).generate();
        IntrospectionEndpoint signing = endpoint(host)
                .signedBy(
                        "https://login.example.com",
                        SigningKey.of("k1", "ES256", pair.toECPrivateKey(), pair.toECPublicKey()))
                .clock(host.clock)
                .build();
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        String signed = "application/token-introspection+jwt";

        EndpointResponse response = signing.answer(as(API, form("token", access).header("Accept", signed)));

        assertThat(response.header("Content-Type")).contains(signed);
        SignedJWT jwt = SignedJWT.parse(response.bodyText());
        assertThat(jwt.verify(new ECDSAVerifier(pair.toECPublicKey()))).isTrue();
        assertThat(jwt.getHeader().getType().getType()).isEqualTo("token-introspection+jwt");
        assertThat(jwt.getPayload().toJSONObject())
                .containsOnlyKeys("iss", "aud", "iat", "token_introspection")
                .containsEntry("iss", "https://login.example.com")
                .containsEntry("aud", "api")
                .containsEntry("iat", host.clock.instant().getEpochSecond())
                .containsEntry("token_introspection", json(introspect(API, access)));
        assertThat(SignedJWT.parse(signing.answer(as(API, form("token", "x").header("Accept", signed)))
                                .bodyText())
                        .getPayload()
                        .toJSONObject())
                .containsEntry("token_introspection", Map.of("active", false));
        for (String accept : List.of("*/*", "application/json", signed + ";q=0", "application/*")) {
            assertThat(signing.answer(as(API, form("token", access).header("Accept", accept)))
                            .header("Content-Type"))
                    .contains("application/json");
        }
        assertThat(endpoint.answer(as(API, form("token", access).header("Accept", signed)))
                        .header("Content-Type"))
                .contains("application/json");
        assertThat(Metadata.ofServer("https://login.example.com")
                        .introspection(URI.create("https://login.example.com/introspect"), signing)
                        .members())
                .containsEntry("introspection_signing_alg_values_supported", List.of("ES256"));
    }

    @Test
    void session_tokens_of_the_realms_that_a_resource_may_act_on_are_active_for_it_and_no_others() {
        Realm partner = Realm.of("partner");
        OauthHost both = OauthHost.alsoOf(partner);
        RegisteredClient api = RegisteredClient.of(API).resources(RESOURCE).actingOn(partner);
        IntrospectionEndpoint ofPartner = IntrospectionEndpoint.of(
                        both.service, request -> Authenticated.of(api), PresentedTokens.verifiedBy(both.verifier))
                .sessionTokensFor(RESOURCE)
                .build();
        LoggedIn theirs = (LoggedIn) both.service
                .beginLogin(new SubjectId(partner, "bob"))
                .withSessionToken()
                .complete(DeviceInfo.of("Firefox on Linux"));
        LoggedIn ours = both.login(attempt -> attempt.withSessionToken());

        assertThat(json(ofPartner.answer(
                        form("token", theirs.token().orElseThrow().reveal()).build())))
                .containsEntry("sub", "bob");
        assertThat(whole(ofPartner.answer(
                        form("token", ours.token().orElseThrow().reveal()).build())))
                .isEqualTo(INACTIVE);
    }

    @Test
    void a_token_that_is_bound_to_a_key_is_no_sign_of_life_since_nobody_has_proven_the_key() {
        Duration idle = SessionLifetimes.aal2().idle();
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        LoggedIn session = host.login(attempt -> attempt.client(WEB).withSessionToken(key));
        LoggedIn access = host.loginOf(WEB);
        LoggedIn bearer = host.loginOf(WEB);
        IntrospectionEndpoint withSessions =
                endpoint(host).sessionTokensFor(RESOURCE).build();
        host.clock.advance(idle.minusMinutes(1));

        json(withSessions.answer(
                as(API, form("token", session.token().orElseThrow().reveal()))));
        String bound = host.tokens
                .draft(access.session())
                .with("cnf", Map.of("jkt", key.thumbprint()))
                .compact();
        json(withSessions.answer(as(API, form("token", bound))));
        json(withSessions.answer(as(API, form("token", host.accessToken(bearer.session())))));
        host.clock.advance(Duration.ofMinutes(2));

        assertThat(host.isLive(session.session())).isFalse();
        assertThat(host.isLive(access.session())).isFalse();
        assertThat(host.isLive(bearer.session())).isTrue();
    }
}
