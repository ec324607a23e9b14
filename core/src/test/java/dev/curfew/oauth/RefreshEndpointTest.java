package dev.curfew.oauth;

import static dev.curfew.oauth.OauthHost.APP;
import static dev.curfew.oauth.OauthHost.OTHER;
import static dev.curfew.oauth.OauthHost.WEB;
import static dev.curfew.oauth.OauthHost.as;
import static dev.curfew.oauth.OauthHost.form;
import static dev.curfew.oauth.OauthHost.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.SessionService;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.RegisteredClient;
import dev.curfew.crypto.SecretToken;
import dev.curfew.event.SessionEvent;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.memory.InMemorySessionStore;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.session.ClientId;
import dev.curfew.session.Realm;
import dev.curfew.session.SenderKey;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.store.StoreUnavailableException;
import java.text.ParseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 6749 section 6: RFT-01 to RFT-06, as far as they are the endpoint's. */
class RefreshEndpointTest {
    private static final String KEY = "attempt-key-0001";
    private static final String OTHER_KEY = "attempt-key-0002";

    private final OauthHost host = new OauthHost();
    private final RefreshEndpoint endpoint =
            RefreshEndpoint.of(host.service, OauthHost.clients(), host::issue).build();

    private static EndpointRequest.Builder refresh(String token, String... more) {
        List<String> pairs = new ArrayList<>(List.of("grant_type", "refresh_token", "refresh_token", token));
        pairs.addAll(Arrays.asList(more));
        return form(pairs.toArray(String[]::new));
    }

    private EndpointResponse refresh(ClientId client, String token, String... more) {
        return endpoint.answer(as(client, refresh(token, more)));
    }

    private static Map<String, Object> json(EndpointResponse response) {
        assertThat(response.status()).as(response.bodyText()).isEqualTo(200);
        try {
            return JSONObjectUtils.parse(response.bodyText());
        } catch (ParseException e) {
            throw new AssertionError(response.bodyText(), e);
        }
    }

    private static void assertError(EndpointResponse response, int status, String error) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.bodyText()).startsWith("{\"error\":\"" + error + "\",\"error_description\":\"");
        assertThat(response.header("Cache-Control")).contains("no-store");
    }

    @Test
    void a_refresh_token_is_exchanged_for_an_access_token_and_its_successor() {
        LoggedIn login = host.loginOf(WEB);
        String token = login.token().orElseThrow().reveal();
        host.store.takeCalls();

        EndpointResponse response = refresh(WEB, token);

        assertThat(host.store.takeCalls()).containsExactly("find", "rotate");
        Map<String, Object> json = json(response);
        assertThat(json)
                .containsOnlyKeys("access_token", "token_type", "expires_in", "refresh_token", "scope")
                .containsEntry("token_type", "Bearer")
                .containsEntry("expires_in", 900L)
                .containsEntry("scope", "read write");
        assertThat(response.header("Cache-Control")).contains("no-store");
        assertThat(response.header("Pragma")).contains("no-cache");
        assertThat(host.isAccepted((String) json.get("access_token"))).isTrue();
        String next = (String) json.get("refresh_token");
        assertThat(SecretToken.parse(next)).isPresent();
        assertThat(next).isNotEqualTo(token);
        assertThat(refresh(WEB, next).status()).isEqualTo(200);
    }

    @Test
    void a_public_client_refreshes_and_its_old_token_is_dead_after_use() {
        LoggedIn login = host.loginOf(APP);
        String token = login.token().orElseThrow().reveal();

        Map<String, Object> first =
                json(endpoint.answer(refresh(token, "client_id", "app").build()));
        assertError(endpoint.answer(refresh(token, "client_id", "app").build()), 400, "invalid_grant");

        assertThat(host.isLive(login.session())).isFalse();
        assertThat(host.isAccepted((String) first.get("access_token"))).isFalse();
        assertError(
                endpoint.answer(refresh((String) first.get("refresh_token"), "client_id", "app")
                        .build()),
                400,
                "invalid_grant");
        assertThat(host.events).anyMatch(SessionEvent.RefreshTokenReused.class::isInstance);
    }

    @Test
    void a_repeated_attempt_gets_the_same_successor_by_header_and_by_parameter() {
        String token = host.refreshTokenOf(WEB).reveal();

        Object next = json(refresh(WEB, token, "attempt", KEY)).get("refresh_token");
        EndpointRequest again = as(WEB, refresh(token).header("Idempotency-Key", KEY));

        assertThat(json(endpoint.answer(again))).containsEntry("refresh_token", next);
        assertError(refresh(WEB, (String) next, "attempt", KEY), 400, "invalid_request");
        assertThat(json(refresh(WEB, (String) next, "attempt", OTHER_KEY))).containsKey("refresh_token");
    }

    @Test
    void a_parallel_exchange_is_told_to_look_for_the_successor() {
        LoggedIn login = host.loginOf(WEB);
        String token = login.token().orElseThrow().reveal();
        json(refresh(WEB, token, "attempt", KEY));

        EndpointResponse response = refresh(WEB, token, "attempt", OTHER_KEY);

        assertError(response, 409, "temporarily_unavailable");
        assertThat(response.headers("Retry-After")).containsExactly("1");
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void fewer_scopes_may_be_asked_for_and_no_others() {
        LoggedIn login = host.loginOf(WEB);
        String token = login.token().orElseThrow().reveal();

        assertError(refresh(WEB, token, "scope", "read admin"), 400, "invalid_scope");
        assertError(refresh(WEB, token, "scope", "  "), 400, "invalid_request");
        Map<String, Object> narrower = json(refresh(WEB, token, "scope", "read"));

        assertThat(narrower).containsEntry("scope", "read");
        assertThat(host.verifier.verify((String) narrower.get("access_token")).claims())
                .containsEntry("scope", "read");
        assertThat(json(refresh(WEB, (String) narrower.get("refresh_token")))).containsEntry("scope", "read write");
    }

    @Test
    void a_token_of_another_client_or_of_none_is_refused_and_lives_on() {
        LoggedIn login = host.loginOf(WEB);
        LoggedIn ofNobody = host.login(attempt -> attempt.withRefreshToken(RefreshBinding.none()));

        assertError(refresh(OTHER, login.token().orElseThrow().reveal()), 400, "invalid_grant");
        assertError(refresh(WEB, ofNobody.token().orElseThrow().reveal()), 400, "invalid_grant");
        assertError(
                endpoint.answer(refresh(login.token().orElseThrow().reveal(), "client_id", "app")
                        .build()),
                400,
                "invalid_grant");

        assertThat(host.isLive(login.session())).isTrue();
        assertThat(json(refresh(WEB, login.token().orElseThrow().reveal()))).containsKey("access_token");
    }

    @Test
    void every_token_that_is_not_good_gets_the_same_bytes() {
        LoggedIn ended = host.loginOf(WEB);
        String access = host.accessToken(ended.session());
        host.service
                .credentials()
                .revokeByToken(OauthHost.REALM, ended.token().orElseThrow().reveal(), WEB);
        LoggedIn idle = host.loginOf(WEB);
        LoggedIn session = host.login(attempt -> attempt.client(WEB).withSessionToken());
        host.clock.advance(SessionLifetimes.aal2().idle().plusSeconds(1));
        LoggedIn foreign = host.loginOf(OTHER);
        Set<String> answers = new LinkedHashSet<>();
        for (String token : List.of(
                "nobody knows this",
                "cfr1_broken",
                access,
                ended.token().orElseThrow().reveal(),
                idle.token().orElseThrow().reveal(),
                session.token().orElseThrow().reveal(),
                foreign.token().orElseThrow().reveal())) {
            answers.add(whole(refresh(WEB, token)));
        }

        assertThat(answers).hasSize(1);
        assertThat(answers.iterator().next()).startsWith("400").contains("invalid_grant");
    }

    @Test
    void an_absolute_end_comes_even_to_who_refreshes_all_the_time() {
        LoggedIn login = host.loginOf(WEB);
        String token = login.token().orElseThrow().reveal();
        host.clock.advance(Duration.ofMillis(login.session().expiresAt().toEpochMilli()
                - host.clock.instant().toEpochMilli()));

        assertError(refresh(WEB, token), 400, "invalid_grant");
    }

    @Test
    void a_token_that_is_bound_to_a_key_needs_its_proof_and_makes_a_dpop_token() {
        SenderKey key = SenderKey.of(SenderKey.Kind.JKT, new byte[32]);
        LoggedIn login = host.login(attempt ->
                attempt.client(WEB).withRefreshToken(RefreshBinding.none().sender(key)));
        String token = login.token().orElseThrow().reveal();

        assertError(refresh(WEB, token), 400, "invalid_grant");
        Map<String, Object> json = json(endpoint.answer(as(WEB, refresh(token).senderKey(key))));

        assertThat(json).containsEntry("token_type", "DPoP");
        assertThat(host.verifier.verify((String) json.get("access_token")).senderKey())
                .contains(key);
    }

    @Test
    void what_is_missing_or_another_grant_is_refused_before_the_store_is_asked() {
        String token = host.refreshTokenOf(WEB).reveal();
        host.store.takeCalls();

        assertError(endpoint.answer(as(WEB, form("refresh_token", token))), 400, "invalid_request");
        assertError(endpoint.answer(as(WEB, form("grant_type", "refresh_token"))), 400, "invalid_request");
        assertError(
                endpoint.answer(as(WEB, form("grant_type", "authorization_code", "refresh_token", token))),
                400,
                "unsupported_grant_type");
        assertError(endpoint.answer(as(WEB, refresh(token, "scope", "read", "scope", "read"))), 400, "invalid_request");
        assertError(endpoint.answer(as(WEB, refresh(token, "attempt", "short"))), 400, "invalid_request");
        assertError(
                endpoint.answer(as(WEB, refresh(token, "attempt", KEY).header("Idempotency-Key", KEY))),
                400,
                "invalid_request");
        assertError(endpoint.answer(refresh(token).build()), 401, "invalid_client");
        assertError(endpoint.answer(EndpointRequest.of("GET").build()), 405, "invalid_request");
        assertThat(host.store.takeCalls()).isEmpty();

        assertThat(json(refresh(WEB, token, "resource", "https://a.example", "resource", "https://b.example")))
                .containsKey("access_token");
    }

    @Test
    void an_outage_is_503_and_an_issuer_that_fails_loses_nothing_for_who_repeats() {
        String token = host.refreshTokenOf(WEB).reveal();
        host.store.goDown();
        EndpointResponse outage = refresh(WEB, token, "attempt", KEY);
        assertError(outage, 503, "temporarily_unavailable");
        assertThat(outage.headers("Retry-After")).containsExactly("2");
        host.store.recover();
        RefreshEndpoint failing = RefreshEndpoint.of(host.service, OauthHost.clients(), (session, scopes, key, end) -> {
                    throw new IllegalStateException("the key is not there");
                })
                .build();

        assertError(failing.answer(as(WEB, refresh(token, "attempt", KEY))), 500, "server_error");

        assertThat(json(refresh(WEB, token, "attempt", KEY))).containsKey("access_token");
    }

    @Test
    void a_service_without_refresh_tokens_has_no_such_endpoint() {
        try (SessionService service = SessionService.builder()
                .store(InMemorySessionStore.create())
                .lifetimes(SessionLifetimes.aal2())
                .withoutAccessTokens()
                .withoutAuditLog()
                .build()) {
            assertThatThrownBy(() -> RefreshEndpoint.of(service, OauthHost.clients(), host::issue)
                            .build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("refreshTokens(...)");
        }
    }

    @Test
    void who_has_no_attempt_key_is_not_told_to_come_back_once_the_token_is_exchanged() {
        String token = host.refreshTokenOf(WEB).reveal();
        String other = host.refreshTokenOf(WEB).reveal();
        RefreshEndpoint failing = RefreshEndpoint.of(host.service, OauthHost.clients(), (session, scopes, key, end) -> {
                    throw new StoreUnavailableException("the issuer", null);
                })
                .build();

        EndpointResponse unrepeatable = failing.answer(as(WEB, refresh(token)));
        EndpointResponse repeatable = failing.answer(as(WEB, refresh(other, "attempt", KEY)));

        assertError(unrepeatable, 500, "server_error");
        assertThat(unrepeatable.headers("Retry-After")).isEmpty();
        assertError(repeatable, 503, "temporarily_unavailable");
        assertThat(repeatable.headers("Retry-After")).containsExactly("2");
        assertThat(json(refresh(WEB, other, "attempt", KEY))).containsKey("access_token");
    }

    @Test
    void a_client_refreshes_nothing_in_a_realm_that_it_may_not_act_on() {
        LoggedIn login = host.loginOf(WEB);
        RefreshEndpoint elsewhere = RefreshEndpoint.of(
                        host.service,
                        request -> Authenticated.of(RegisteredClient.of(WEB).actingOn(Realm.of("partner"))),
                        host::issue)
                .build();
        host.store.takeCalls();

        assertError(
                elsewhere.answer(refresh(login.token().orElseThrow().reveal()).build()), 400, "invalid_grant");

        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.isLive(login.session())).isTrue();
    }
}
