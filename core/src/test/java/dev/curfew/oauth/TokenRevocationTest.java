package dev.curfew.oauth;

import static dev.curfew.oauth.OauthHost.API;
import static dev.curfew.oauth.OauthHost.APP;
import static dev.curfew.oauth.OauthHost.OTHER;
import static dev.curfew.oauth.OauthHost.WEB;
import static dev.curfew.oauth.OauthHost.as;
import static dev.curfew.oauth.OauthHost.form;
import static dev.curfew.oauth.OauthHost.raw;
import static dev.curfew.oauth.OauthHost.whole;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.client.ClientAuthentication.Authenticated;
import dev.curfew.client.RegisteredClient;
import dev.curfew.contract.TestTokens;
import dev.curfew.crypto.SecretToken;
import dev.curfew.http.EndpointRequest;
import dev.curfew.http.EndpointResponse;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.refresh.RefreshRequest;
import dev.curfew.refresh.RefreshResult.Refreshed;
import dev.curfew.session.ClientId;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.Realm;
import dev.curfew.session.SessionId;
import dev.curfew.session.SubjectId;
import dev.curfew.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7009: OAU-01 to OAU-08. */
class TokenRevocationTest {
    private final OauthHost host = new OauthHost();
    private final TokenRevocationEndpoint endpoint = endpoint(PresentedTokens.verifiedBy(host.verifier));

    private TokenRevocationEndpoint endpoint(PresentedTokens tokens) {
        return TokenRevocationEndpoint.of(host.service, OauthHost.clients(), tokens)
                .build();
    }

    private EndpointResponse revoke(ClientId client, String token) {
        return endpoint.answer(as(client, form("token", token)));
    }

    private SecretToken invented() {
        return SecretToken.mint(
                CredentialKind.REFRESH_TOKEN,
                SessionId.mint(OauthHost.ALICE, host.clock.instant(), new SecureRandom()),
                new SecureRandom());
    }

    private static void assertDone(EndpointResponse response) {
        assertThat(whole(response)).isEqualTo("200\nCache-Control: no-store\n\n");
    }

    private static void assertError(EndpointResponse response, int status, String error) {
        assertThat(response.status()).isEqualTo(status);
        assertThat(response.bodyText()).startsWith("{\"error\":\"" + error + "\",\"error_description\":\"");
        assertThat(response.header("Cache-Control")).contains("no-store");
        assertThat(response.header("Content-Type")).contains("application/json");
    }

    @Test
    void a_refresh_token_ends_its_session_and_the_access_tokens_of_its_grant() {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        host.store.takeCalls();

        assertDone(revoke(WEB, login.token().orElseThrow().reveal()));

        assertThat(host.store.takeCalls()).containsExactly("find", "revoke");
        assertThat(host.isLive(login.session())).isFalse();
        assertThat(host.isAccepted(access)).isFalse();
    }

    @Test
    void a_refresh_token_that_was_exchanged_since_ends_its_session_too() {
        LoggedIn login = host.loginOf(WEB);
        String first = login.token().orElseThrow().reveal();
        assertThat(host.service
                        .credentials()
                        .refresh(RefreshRequest.of(OauthHost.REALM, first).client(WEB)))
                .isInstanceOf(Refreshed.class);

        assertDone(revoke(WEB, first));

        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void a_session_token_ends_its_session() {
        LoggedIn login = host.login(attempt -> attempt.client(WEB).withSessionToken());

        assertDone(revoke(WEB, login.token().orElseThrow().reveal()));

        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void an_access_token_ends_alone_and_its_session_lives_on() {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        String sibling = host.accessToken(login.session());
        host.store.takeCalls();

        assertDone(revoke(WEB, access));

        assertThat(host.store.takeCalls()).containsExactly("revoke");
        assertThat(host.isAccepted(access)).isFalse();
        assertThat(host.isAccepted(sibling)).isTrue();
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void unknown_expired_and_revoked_tokens_get_the_same_bytes_as_one_that_is_revoked_now() {
        LoggedIn login = host.loginOf(WEB);
        String expired = host.accessToken(login.session());
        host.clock.advance(TestTokens.LIFETIME.plusMinutes(1));
        String access = host.accessToken(login.session());
        String refresh = login.token().orElseThrow().reveal();
        Set<String> answers = new LinkedHashSet<>();
        for (String token : List.of(
                expired,
                access,
                access,
                refresh,
                refresh,
                invented().reveal(),
                "cfr1_broken",
                "cfs1_",
                "nobody knows this",
                access.substring(0, access.length() - 2))) {
            answers.add(whole(revoke(WEB, token)));
        }

        assertThat(answers).containsExactly("200\nCache-Control: no-store\n\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"access_token", "refresh_token", "id_token", "urn:example:unknown", " "})
    void a_hint_never_changes_the_outcome(String hint) {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());

        assertDone(endpoint.answer(as(WEB, form("token", access, "token_type_hint", hint))));
        assertThat(host.isAccepted(access)).isFalse();
        assertThat(host.isLive(login.session())).isTrue();

        assertDone(endpoint.answer(
                as(WEB, form("token", login.token().orElseThrow().reveal(), "token_type_hint", hint))));
        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void a_token_of_another_client_is_refused_and_nothing_changes() {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        host.store.takeCalls();

        assertError(revoke(OTHER, login.token().orElseThrow().reveal()), 400, "invalid_grant");
        assertError(revoke(OTHER, access), 400, "invalid_grant");
        assertError(endpoint.answer(form("token", access, "client_id", "app").build()), 400, "invalid_grant");

        assertThat(host.store.takeCalls()).containsExactly("find");
        assertThat(host.isLive(login.session())).isTrue();
        assertThat(host.isAccepted(access)).isTrue();
    }

    @Test
    void a_client_of_another_realm_learns_nothing_of_a_refresh_token() {
        LoggedIn login = host.loginOf(WEB);
        ClientId stranger = new ClientId(Realm.of("partner"), "web");
        TokenRevocationEndpoint foreign = TokenRevocationEndpoint.of(
                        host.service,
                        request -> Authenticated.of(RegisteredClient.of(stranger)),
                        PresentedTokens.verifiedBy(host.verifier))
                .build();

        assertDone(foreign.answer(
                form("token", login.token().orElseThrow().reveal()).build()));
        assertError(
                foreign.answer(form("token", host.accessToken(login.session())).build()), 400, "invalid_grant");

        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void a_public_client_revokes_what_was_issued_to_it() {
        LoggedIn login = host.loginOf(APP);

        assertDone(endpoint.answer(form("token", login.token().orElseThrow().reveal(), "client_id", "app")
                .build()));

        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void a_confidential_client_authenticates_first() {
        LoggedIn login = host.loginOf(WEB);
        String token = login.token().orElseThrow().reveal();
        host.store.takeCalls();

        for (EndpointRequest request : List.of(
                form("token", token).build(),
                form("token", token, "client_id", "web").build(),
                form("token", token)
                        .header("Authorization", OauthHost.basic("web", "wrong"))
                        .build(),
                form("token", token)
                        .header("Authorization", OauthHost.basic("nobody", OauthHost.SECRET))
                        .build())) {
            EndpointResponse response = endpoint.answer(request);
            assertError(response, 401, "invalid_client");
            assertThat(response.headers("WWW-Authenticate"))
                    .containsExactly("Basic realm=\"oauth\", charset=\"UTF-8\"");
        }
        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void two_ways_to_authenticate_are_refused() {
        String token = host.refreshTokenOf(WEB).reveal();

        assertError(
                endpoint.answer(as(WEB, form("token", token, "client_id", "web", "client_secret", OauthHost.SECRET))),
                400,
                "invalid_request");
        assertError(endpoint.answer(as(WEB, form("token", token, "client_id", "other"))), 400, "invalid_request");
    }

    @Test
    void a_missing_an_empty_and_a_repeated_token_are_refused() {
        String token = host.refreshTokenOf(WEB).reveal();

        for (String body : List.of(
                "",
                "token=",
                "token_type_hint=refresh_token",
                "token=" + token + "&token=" + token,
                "token=" + token + "&token=",
                "token=" + token + "&token_type_hint=a&token_type_hint=a",
                "token=%")) {
            assertError(endpoint.answer(as(WEB, raw(body))), 400, "invalid_request");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post"})
    void nothing_but_post_is_offered(String method) {
        SecretToken token = host.refreshTokenOf(WEB);

        EndpointResponse response = endpoint.answer(EndpointRequest.of(method)
                .queryParameter("token", token.reveal())
                .queryParameter("callback", "package.callback")
                .header("Authorization", OauthHost.basic("web", OauthHost.SECRET))
                .build());

        assertError(response, 405, "invalid_request");
        assertThat(response.headers("Allow")).containsExactly("POST");
    }

    @Test
    void a_callback_makes_no_jsonp_of_an_answer() {
        EndpointResponse response = endpoint.answer(as(WEB, form("callback", "package.callback")));

        assertError(response, 400, "invalid_request");
        assertThat(response.bodyText()).doesNotContain("package.callback");
    }

    @Test
    void a_json_body_and_one_that_is_too_long_are_refused() {
        assertError(
                endpoint.answer(EndpointRequest.of("POST")
                        .header("Content-Type", "application/json")
                        .body("{\"token\":\"x\"}".getBytes(StandardCharsets.UTF_8))
                        .build()),
                415,
                "invalid_request");
        assertError(endpoint.answer(as(WEB, raw("token=" + "x".repeat(64 * 1024)))), 413, "invalid_request");
    }

    @Test
    void a_type_that_is_not_revoked_is_said_to_be_unsupported() {
        TokenRevocationEndpoint withCodes = endpoint(PresentedTokens.verifiedBy(host.verifier)
                .or(text -> text.startsWith("code_") ? Optional.of(PresentedToken.other()) : Optional.empty()));

        assertError(withCodes.answer(as(WEB, form("token", "code_1"))), 400, "unsupported_token_type");
        assertDone(withCodes.answer(as(WEB, form("token", "else_1"))));
    }

    @Test
    void a_refresh_token_of_the_host_ends_the_session_of_its_client_and_else_only_itself() {
        LoggedIn own = host.loginOf(WEB);
        LoggedIn shared = host.login(attempt -> attempt.client(OTHER).withRefreshToken(RefreshBinding.none()));
        TokenVerifier verifier = host.verifier;
        TokenRevocationEndpoint withOpaque = endpoint(text -> switch (text) {
            case "own" -> Optional.of(PresentedToken.refresh(host.tokens.of(own.session())));
            case "shared" ->
                Optional.of(PresentedToken.refresh(verifier.alreadyVerified(
                        host.tokens.of(shared.session()).claims(), "opaque")));
            default -> Optional.empty();
        });

        assertDone(withOpaque.answer(as(WEB, form("token", "own"))));
        assertDone(withOpaque.answer(as(WEB, form("token", "shared"))));

        assertThat(host.isLive(own.session())).isFalse();
        assertThat(host.isLive(shared.session())).isTrue();
    }

    @Test
    void an_outage_is_never_answered_as_success() {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        String refresh = login.token().orElseThrow().reveal();
        host.store.goDown();
        for (String token : List.of(access, refresh)) {
            EndpointResponse response = revoke(WEB, token);
            assertError(response, 503, "temporarily_unavailable");
            assertThat(response.headers("Retry-After")).containsExactly("2");
        }
        host.store.recover();

        assertDone(revoke(WEB, refresh));
        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void nothing_forged_reaches_the_store() {
        LoggedIn login = host.loginOf(WEB);
        String access = host.accessToken(login.session());
        String refresh = login.token().orElseThrow().reveal();
        host.store.takeCalls();
        Random random = new Random(7);
        for (int i = 0; i < 10_000; i++) {
            boolean isJwt = i % 20 == 0;
            StringBuilder forged = new StringBuilder(isJwt ? access : refresh);
            int at =
                    isJwt ? access.lastIndexOf('.') + 1 + random.nextInt(80) : 5 + random.nextInt(refresh.length() - 5);
            forged.setCharAt(at, forged.charAt(at) == 'A' ? 'B' : 'A');
            assertDone(revoke(WEB, forged.toString()));
        }

        assertThat(host.store.takeCalls()).isEmpty();
        assertThat(host.isLive(login.session())).isTrue();
    }

    @Test
    void a_login_that_names_no_client_is_ended_by_whoever_holds_its_token() {
        LoggedIn login = host.login(LoginAttempt::withSessionToken);

        assertDone(revoke(API, login.token().orElseThrow().reveal()));

        assertThat(host.isLive(login.session())).isFalse();
    }

    @Test
    void an_expired_session_is_answered_as_an_unknown_one() {
        LoggedIn login = host.loginOf(WEB);
        host.clock.advance(Duration.ofDays(400));

        assertDone(revoke(WEB, login.token().orElseThrow().reveal()));
    }

    @Test
    void what_is_curfews_is_sought_in_the_realms_that_the_client_may_act_on_and_in_no_other() {
        Realm partner = Realm.of("partner");
        OauthHost both = OauthHost.alsoOf(partner);
        SubjectId bob = new SubjectId(partner, "bob");
        RegisteredClient desk = RegisteredClient.of(new ClientId(OauthHost.REALM, "desk"));
        TokenRevocationEndpoint ofPartner = TokenRevocationEndpoint.of(
                        both.service,
                        request -> Authenticated.of(desk.actingOn(partner)),
                        PresentedTokens.verifiedBy(both.verifier))
                .build();
        LoggedIn theirs =
                (LoggedIn) both.service.beginLogin(bob).withSessionToken().complete(DeviceInfo.of("Firefox on Linux"));
        LoggedIn ofClient = (LoggedIn) both.service
                .beginLogin(bob)
                .client(new ClientId(partner, "desk"))
                .withSessionToken()
                .complete(DeviceInfo.of("Firefox on Linux"));
        LoggedIn ours = both.login(LoginAttempt::withSessionToken);

        assertDone(ofPartner.answer(
                form("token", theirs.token().orElseThrow().reveal()).build()));
        assertError(
                ofPartner.answer(
                        form("token", ofClient.token().orElseThrow().reveal()).build()),
                400,
                "invalid_grant");
        assertDone(ofPartner.answer(
                form("token", ours.token().orElseThrow().reveal()).build()));

        assertThat(both.isLive(theirs.session())).isFalse();
        assertThat(both.isLive(ofClient.session())).isTrue();
        assertThat(both.isLive(ours.session())).isTrue();
    }
}
