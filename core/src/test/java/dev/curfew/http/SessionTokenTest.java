package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.LoginAttempt;
import dev.curfew.LoginResult.LoggedIn;
import dev.curfew.RevocationCause;
import dev.curfew.crypto.SecretToken;
import dev.curfew.refresh.RefreshBinding;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.CredentialKind;
import dev.curfew.session.Realm;
import dev.curfew.session.Session;
import dev.curfew.session.SessionLifetimes;
import dev.curfew.session.SessionRef;
import dev.curfew.session.SubjectId;
import dev.curfew.token.SessionCaller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Session tokens wherever an access token may stand. */
class SessionTokenTest {
    private final Host host = Host.create();
    private final SessionEndpoints endpoints = endpoints(Profile.GUIDE);
    private final LoggedIn login = host.login(Host.ALICE, LoginAttempt::withSessionToken);
    private final Session session = login.session();
    private final SecretToken secret = login.token().orElseThrow();
    private final String token = secret.reveal();

    private SessionEndpoints endpoints(Profile profile) {
        return host.endpoints()
                .profile(profile)
                .credentialCookie(Host.COOKIE)
                .sessionTokens(Host.REALM)
                .build();
    }

    private static EndpointRequest.Builder cookie(String method, String... tokens) {
        EndpointRequest.Builder request = EndpointRequest.of(method).header("Sec-Fetch-Site", "same-origin");
        for (String text : tokens) {
            request.header("Cookie", "__Host-at=" + text);
        }
        return request;
    }

    private EndpointResponse refusal(SessionEndpoints of, EndpointRequest.Builder request) {
        AuthenticationResult result = of.authentication().authenticate(request.build());
        assertThat(result).isInstanceOf(AuthenticationResult.Refused.class);
        return ((AuthenticationResult.Refused) result).response();
    }

    private static String whole(EndpointResponse response) {
        return response.status() + " " + response.headers() + " " + response.bodyText();
    }

    private void advance(Duration by) {
        host.clock.advance(by);
    }

    @Test
    void it_authenticates_as_a_bearer_token_and_in_the_cookie() {
        for (EndpointRequest.Builder request : List.of(Host.get(token), cookie("GET", token), cookie("POST", token))) {
            AuthenticationResult result = endpoints.authentication().authenticate(request.build());

            assertThat(result).isInstanceOfSatisfying(AuthenticationResult.Authenticated.class, authenticated -> {
                assertThat(authenticated.caller().subject()).contains(Host.ALICE);
                assertThat(authenticated.caller())
                        .isInstanceOfSatisfying(
                                SessionCaller.class,
                                caller -> assertThat(caller.currentSession().handle())
                                        .isEqualTo(session.handle()));
            });
        }
    }

    @Test
    void an_authentication_costs_what_that_of_the_service_costs() {
        host.service.credentials().authenticate(Host.REALM, token);
        host.store.forgetCalls();
        host.service.credentials().authenticate(Host.REALM, token);
        List<String> calls = host.store.calls();
        host.store.forgetCalls();

        SessionEndpoints untouched =
                host.endpoints().sessionTokens(Host.REALM).withoutTouch().build();
        untouched.authentication().authenticate(Host.get(token).build());

        assertThat(host.store.calls()).isEqualTo(calls).startsWith("find");
    }

    @Test
    void every_endpoint_takes_it() {
        Session other = host.login(Host.ALICE);
        Session third = host.login(Host.ALICE);

        EndpointResponse list = endpoints.listSessions(Host.get(token).build());
        assertThat(list.status()).isEqualTo(200);
        assertThat(list.bodyText()).contains("\"current\":true").doesNotContain(token);
        assertThat(endpoints
                        .revokeSession(Host.delete(token)
                                .pathId(other.handle().value())
                                .build())
                        .status())
                .isEqualTo(200);
        assertThat(host.isLive(other)).isFalse();
        assertThat(endpoints.revokeOtherSessions(Host.delete(token).build()).status())
                .isEqualTo(200);
        assertThat(host.isLive(third)).isFalse();
        assertThat(host.isLive(session)).isTrue();
        assertThat(endpoints
                        .revokeSession(Host.delete(token)
                                .pathId(session.handle().value())
                                .build())
                        .headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_logout_ends_its_session_from_header_cookie_and_body() {
        for (boolean inBody : List.of(true, false)) {
            SecretToken mine = host.sessionToken(Host.ALICE);
            EndpointRequest.Builder request = inBody
                    ? Host.json(EndpointRequest.of("POST"), "{\"token\":\"" + mine.reveal() + "\"}")
                    : cookie("POST", mine.reveal());

            EndpointResponse response = endpoints.logout(request.build());

            assertThat(response.status()).isEqualTo(200);
            assertThat(response.headers("Set-Cookie"))
                    .containsExactly(Host.COOKIE.clear().value());
            assertThat(host.isLive(mine)).isFalse();
        }
        assertThat(host.isLive(session)).isTrue();
        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void logging_out_twice_is_answered_as_with_an_access_token() {
        endpoints.logout(Host.post(token).build());
        EndpointResponse guide = endpoints.logout(Host.post(token).build());
        EndpointResponse standards =
                endpoints(Profile.STANDARDS).logout(Host.post(token).build());

        assertThat(guide.status()).isEqualTo(401);
        assertThat(guide.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(standards.status()).isEqualTo(204);
    }

    @Test
    void who_holds_no_right_secret_learns_nothing() {
        SecretToken ended = host.sessionToken(Host.ALICE);
        endpoints.logout(Host.post(ended.reveal()).build());
        SecretToken foreign = host.login(new SubjectId(Realm.of("bank"), "alice"), LoginAttempt::withSessionToken)
                .token()
                .orElseThrow();
        List<String> texts = List.of(
                host.invented(CredentialKind.SESSION_TOKEN).reveal(),
                foreign.reveal(),
                Host.guess(CredentialKind.SESSION_TOKEN, ended.session()).reveal(),
                Host.guess(CredentialKind.SESSION_TOKEN, secret.session()).reveal(),
                token.substring(0, 84) + (token.endsWith("A") ? "B" : "A"),
                "cfs1_",
                host.forged(session));
        String bad = whole(refusal(endpoints, Host.get("x")));

        assertThat(bad).startsWith("401");
        for (String text : texts) {
            assertThat(whole(refusal(endpoints, Host.get(text)))).isEqualTo(bad);
            assertThat(whole(refusal(endpoints, cookie("GET", text)))).isEqualTo(bad);
            assertThat(whole(endpoints.listSessions(Host.get(text).build()))).isEqualTo(bad);
            assertThat(whole(endpoints.revokeOtherSessions(Host.delete(text).build())))
                    .isEqualTo(bad);
            assertThat(whole(endpoints.revokeSession(
                            Host.delete(text).pathId("x").build())))
                    .isEqualTo(bad);
        }
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_wrong_secret_logs_nobody_out() {
        String guess =
                Host.guess(CredentialKind.SESSION_TOKEN, secret.session()).reveal();

        assertThat(endpoints.logout(Host.post(guess).build()).status()).isEqualTo(401);
        assertThat(endpoints.logout(cookie("POST", guess).build()).status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_superseded_one_is_refused_without_touching_a_cookie(Profile profile) {
        SessionEndpoints of = endpoints(profile);
        String next = host.renew(secret).reveal();

        for (EndpointResponse response : List.of(
                refusal(of, Host.get(token)),
                refusal(of, cookie("POST", token)),
                of.listSessions(cookie("GET", token).build()),
                of.revokeSession(
                        cookie("DELETE", token).pathId(session.handle().value()).build()),
                of.revokeOtherSessions(cookie("DELETE", token).build()))) {
            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        assertThat(of.authentication().authenticate(Host.get(next).build()))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    void a_superseded_one_still_logs_out() {
        host.renew(secret);

        EndpointResponse response = endpoints.logout(cookie("POST", token).build());

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_superseded_one_of_a_session_that_is_over_takes_no_cookie_of_a_new_login() {
        host.renew(secret);
        host.service.revokeAllSessions(
                Host.ALICE, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "admin-1"));

        EndpointResponse response = endpoints.logout(cookie("POST", token).build());

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @Test
    void beside_its_successor_a_superseded_one_does_no_harm() {
        String next = host.renew(secret).reveal();

        assertThat(endpoints
                        .authentication()
                        .authenticate(cookie("GET", token, next).build()))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @Test
    void of_a_session_that_was_replaced_it_is_refused_without_touching_a_cookie() {
        SessionCaller caller = (SessionCaller) ((AuthenticationResult.Authenticated)
                        endpoints.authentication().authenticate(Host.get(token).build()))
                .caller();
        SecretToken next = host.login(
                        Host.ALICE, attempt -> attempt.withSessionToken().replacing(caller))
                .token()
                .orElseThrow();

        for (Profile profile : Profile.values()) {
            SessionEndpoints of = endpoints(profile);
            for (EndpointResponse response : List.of(
                    refusal(of, cookie("GET", token)),
                    of.logout(cookie("POST", token).build()))) {
                assertThat(response.status()).isEqualTo(401);
                assertThat(response.headers("Set-Cookie")).isEmpty();
            }
        }
        assertThat(host.isLive(next)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void after_the_end_it_is_answered_as_an_expired_token(boolean isIdle) {
        SecretToken mine = host.login(
                        Host.ALICE,
                        attempt -> attempt.withSessionToken()
                                .lifetimes(SessionLifetimes.of(Duration.ofHours(2), Duration.ofMinutes(30))))
                .token()
                .orElseThrow();
        if (isIdle) {
            advance(Duration.ofMinutes(30));
        } else {
            for (int i = 0; i < 10; i++) {
                endpoints.authentication().authenticate(Host.get(mine.reveal()).build());
                advance(Duration.ofMinutes(12));
            }
        }

        EndpointResponse guide = refusal(endpoints, Host.get(mine.reveal()));
        EndpointResponse standards = refusal(endpoints(Profile.STANDARDS), Host.get(mine.reveal()));
        EndpointResponse logout = endpoints.logout(cookie("POST", mine.reveal()).build());

        assertThat(guide.status()).isEqualTo(403);
        assertThat(guide.bodyText()).contains("expired");
        assertThat(standards.status()).isEqualTo(401);
        assertThat(logout.status()).isEqualTo(403);
        assertThat(logout.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.service
                        .findSession(SessionRef.of(Host.REALM, mine.session()))
                        .orElseThrow()
                        .coveredBy())
                .as("ended for ever, not by time alone")
                .isNotEmpty();
    }

    @Test
    void without_session_tokens_it_is_no_token_and_costs_no_call() {
        SessionEndpoints plain = host.endpoints().build();
        host.store.forgetCalls();

        assertThat(plain.listSessions(Host.get(token).build()).status()).isEqualTo(401);
        assertThat(plain.logout(Host.post(token).build()).status()).isEqualTo(401);
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_text_that_is_none_and_a_refresh_token_cost_no_call() {
        String refresh = host.login(Host.ALICE, attempt -> attempt.withRefreshToken(RefreshBinding.none()))
                .token()
                .orElseThrow()
                .reveal();
        host.store.forgetCalls();

        for (String text : List.of(refresh, token + "A", "cfs1_" + "A".repeat(80), token.replace("cfs1", "CFS1"))) {
            assertThat(endpoints.listSessions(Host.get(text).build()).status()).isEqualTo(401);
        }
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void an_access_token_of_the_same_session_may_come_with_it_and_one_of_another_may_not() {
        SecretToken other = host.sessionToken(Host.ALICE);

        assertThat(endpoints
                        .logout(cookie("POST", token)
                                .header("Authorization", "Bearer " + other.reveal())
                                .build())
                        .status())
                .isEqualTo(400);
        assertThat(endpoints
                        .logout(cookie("POST", other.reveal())
                                .header("Authorization", "Bearer " + host.token(session))
                                .build())
                        .status())
                .isEqualTo(400);
        assertThat(host.isLive(session) && host.isLive(other)).isTrue();
        assertThat(endpoints
                        .logout(cookie("POST", token)
                                .header("Authorization", "Bearer " + host.token(session))
                                .build())
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_cookie_that_a_sister_domain_has_set_locks_nobody_out() {
        String invented = host.invented(CredentialKind.SESSION_TOKEN).reveal();

        for (EndpointRequest.Builder request :
                List.of(cookie("GET", invented, token), cookie("GET", invented, "x", host.token(session)))) {
            assertThat(endpoints.listSessions(request.build()).status()).isEqualTo(200);
        }
        assertThat(endpoints
                        .listSessions(
                                cookie("GET", token, host.sessionToken(Host.BOB).reveal())
                                        .build())
                        .status())
                .as("two that are good")
                .isEqualTo(400);
    }

    @Test
    void another_site_cannot_use_the_cookie() {
        EndpointRequest.Builder request = EndpointRequest.of("POST")
                .header("Cookie", "__Host-at=" + token)
                .header("Sec-Fetch-Site", "cross-site");
        host.store.forgetCalls();

        assertThat(endpoints.logout(request.build()).status()).isEqualTo(403);
        assertThat(refusal(endpoints, request).status()).isEqualTo(403);
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void in_an_outage_nothing_is_cleared_and_the_client_is_told_to_come_back() {
        host.store.cut();
        SessionEndpoints standards = endpoints(Profile.STANDARDS);

        for (EndpointResponse response : List.of(
                endpoints.logout(cookie("POST", token).build()),
                refusal(endpoints, cookie("GET", token)),
                endpoints.listSessions(cookie("GET", token).build()))) {
            assertThat(response.status()).isEqualTo(500);
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        for (EndpointResponse response :
                List.of(standards.logout(cookie("POST", token).build()), refusal(standards, cookie("GET", token)))) {
            assertThat(response.status()).isEqualTo(503);
            assertThat(response.headers("Retry-After")).containsExactly("2");
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        host.store.mend();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void in_an_outage_nobody_can_say_that_two_cookies_contradict_each_other() {
        String other = host.sessionToken(Host.BOB).reveal();
        SessionEndpoints standards = endpoints(Profile.STANDARDS);
        String access = host.token(session);
        host.store.cut();

        for (EndpointRequest.Builder request : List.of(
                cookie("GET", token, other),
                cookie("GET", token, access, other),
                cookie("GET", other).header("Authorization", "Bearer " + access))) {
            assertThat(standards.listSessions(request.build()).status()).isEqualTo(503);
            assertThat(endpoints.listSessions(request.build()).status()).isEqualTo(500);
        }
        EndpointResponse logout = standards.logout(cookie("POST", token, other).build());
        assertThat(logout.status()).isEqualTo(503);
        assertThat(logout.headers("Set-Cookie")).isEmpty();

        host.store.mend();
        assertThat(standards.listSessions(cookie("GET", token, other).build()).status())
                .isEqualTo(400);
    }

    @Test
    void a_logout_asks_once_more_if_nobody_could_say_whose_it_is() {
        String guess =
                Host.guess(CredentialKind.SESSION_TOKEN, secret.session()).reveal();

        host.store.cutOnce("find");
        assertThat(endpoints.logout(Host.post(guess).build()).status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
        host.store.cutOnce("find");
        assertThat(endpoints.logout(Host.post(token).build()).status()).isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void the_realm_may_depend_on_the_request() {
        Realm bank = Realm.of("bank");
        String other = host.login(new SubjectId(bank, "alice"), LoginAttempt::withSessionToken)
                .token()
                .orElseThrow()
                .reveal();
        SessionEndpoints tenants = host.endpoints()
                .sessionTokens(request ->
                        request.headers("X-Tenant").stream().findFirst().map(Realm::of))
                .build();

        assertThat(tenants.listSessions(
                                Host.get(other).header("X-Tenant", "bank").build())
                        .status())
                .isEqualTo(200);
        assertThat(tenants.listSessions(
                                Host.get(token).header("X-Tenant", "bank").build())
                        .status())
                .isEqualTo(401);
        assertThat(tenants.listSessions(Host.get(token).build()).status()).isEqualTo(401);
        assertThat(SessionEndpoints.builder()
                        .service(host.service)
                        .verifier(host.verifier)
                        .sessionTokens(request -> Optional.empty())
                        .build()
                        .listSessions(Host.get(token).build())
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_host_without_access_tokens_needs_no_verifier() {
        SessionEndpoints opaque = SessionEndpoints.builder()
                .service(host.service)
                .sessionTokens(Host.REALM)
                .build();

        assertThat(opaque.listSessions(Host.get(token).build()).status()).isEqualTo(200);
        assertThat(opaque.listSessions(Host.get(host.token(session)).build()).status())
                .isEqualTo(401);
        assertThatThrownBy(
                        () -> SessionEndpoints.builder().service(host.service).build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("SessionEndpoints needs verifier(...) or sessionTokens(...)");
    }

    @Test
    void revoked_by_an_administrator_it_is_refused_at_once() {
        host.service.revokeAllSessions(Host.ALICE, RevocationCause.byAdmin(RevocationReason.REVOKED_BY_ADMIN, "ops"));

        assertThat(refusal(endpoints, Host.get(token)).status()).isEqualTo(401);
    }
}
