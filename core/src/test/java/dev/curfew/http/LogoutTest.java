package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.RevocationCause;
import dev.curfew.event.SessionEvent.SessionEnded;
import dev.curfew.revocation.RevocationReason;
import dev.curfew.session.Session;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logging out, in the guide's profile and in Spanish. */
class LogoutTest {
    private static final String DONE = "{\"success\":true,\"message\":\"Sesión cerrada exitosamente\"}";
    private static final String INVALID = "{\"success\":false,\"message\":\"Token no proporcionado o inválido\"}";
    private static final String EXPIRED = "{\"success\":false,\"message\":\"El token ha expirado\"}";
    private static final String FAILED = "{\"success\":false,\"message\":\"Error interno del servidor\"}";
    private static final String CLEARED =
            "__Host-at=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly; SameSite=Lax";

    private final Host host = Host.create();
    private final SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private EndpointResponse logout(EndpointRequest.Builder request) {
        return endpoints.logout(request.header("Accept-Language", "es").build());
    }

    @Test
    void a_bearer_token_ends_its_session() {
        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(200);
        assertThat(response.bodyText()).isEqualTo(DONE);
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"),
                        new HeaderField("Set-Cookie", CLEARED));
        assertThat(host.isLive(session)).isFalse();
        assertThat(host.isAccepted(token)).isFalse();
    }

    @Test
    void every_other_token_of_the_session_ends_with_it() {
        String sibling = host.token(session);
        String elsewhere = host.token(host.login(Host.ALICE));

        logout(Host.post(token));

        assertThat(host.isAccepted(sibling)).isFalse();
        assertThat(host.isAccepted(elsewhere)).isTrue();
    }

    @Test
    void it_costs_one_round_trip() {
        host.store.forgetCalls();

        logout(Host.post(token));

        assertThat(host.store.calls()).containsExactly("revoke");
    }

    @Test
    void the_scheme_is_case_insensitive_and_the_header_name_too() {
        assertThat(logout(EndpointRequest.of("POST").header("aUTHORIZATION", "bEARER  " + token + " "))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void a_token_in_the_body_alone_is_enough() {
        assertThat(logout(Host.json(EndpointRequest.of("POST"), "{\"token\":\"" + token + "\"}"))
                        .status())
                .isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void the_same_token_in_header_and_body_is_one_token() {
        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + token + "\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void two_tokens_of_one_session_end_it() {
        String sibling = host.token(session);

        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + sibling + "\"}"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void an_expired_token_beside_a_good_one_of_the_same_session_does_no_harm() {
        host.expired(token);
        String fresh = host.token(session);

        assertThat(logout(Host.json(Host.post(token), "{\"token\":\"" + fresh + "\"}"))
                        .bodyText())
                .isEqualTo(DONE);
    }

    @Test
    void bearer_and_body_of_different_sessions_end_nothing() {
        Session other = host.login(Host.ALICE);
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.json(Host.post(token), "{\"token\":\"" + host.token(other) + "\"}"));

        assertThat(response.status()).isEqualTo(400);
        assertThat(response.bodyText()).startsWith("{\"success\":false,");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(session) && host.isLive(other)).isTrue();
    }

    @Test
    void without_a_token_the_answer_is_a_challenge_without_an_error() {
        EndpointResponse response = logout(EndpointRequest.of("POST"));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate")).contains("Bearer realm=\"api\"");
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "null", "undefined", "%00", "Bearer", "x y"})
    void a_malformed_token_is_refused_without_asking_the_store(String malformed) {
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.post(malformed));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate").orElseThrow())
                .startsWith("Bearer realm=\"api\", error=\"invalid_token\"");
        assertThat(response.headers("Set-Cookie")).isEmpty();
        assertThat(host.store.calls()).isEmpty();
    }

    @Test
    void a_forged_token_logs_nobody_out() {
        host.store.forgetCalls();

        EndpointResponse response = logout(Host.post(host.forged(session)));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(host.store.calls()).isEmpty();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void the_second_logout_is_refused_and_still_clears_the_cookie() {
        logout(Host.post(token));

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.bodyText()).isEqualTo(INVALID);
        assertThat(response.header("WWW-Authenticate")).isPresent();
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.count(SessionEnded.class)).isEqualTo(1);
    }

    @Test
    void a_forged_cookie_is_cleared_because_the_browser_would_only_send_it_again() {
        EndpointResponse response = logout(EndpointRequest.of("POST")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Cookie", "__Host-at=" + host.forged(session)));

        assertThat(response.status()).isEqualTo(401);
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_good_cookie_beside_a_bad_token_is_kept_because_its_session_lives_on() {
        String cookie = "__Host-at=" + token;

        EndpointResponse bearer = logout(Host.post(host.forged(session)).header("Cookie", cookie));
        EndpointResponse body =
                logout(Host.json(EndpointRequest.of("POST").header("Cookie", cookie), "{\"token\":\"x\"}"));

        assertThat(bearer.status()).isEqualTo(401);
        assertThat(body.status()).isEqualTo(401);
        assertThat(bearer.headers("Set-Cookie")).isEmpty();
        assertThat(body.headers("Set-Cookie")).isEmpty();
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void an_expired_token_ends_its_session_all_the_same() {
        host.expired(token);

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(403);
        assertThat(response.bodyText()).isEqualTo(EXPIRED);
        assertThat(response.headers("Set-Cookie")).containsExactly(CLEARED);
        assertThat(host.isLive(session)).isFalse();
        assertThat(logout(Host.post(token)).bodyText()).as("the second time").isEqualTo(EXPIRED);
    }

    @Test
    void an_expired_forged_token_ends_nothing() {
        String forged = host.expired(host.forged(session));

        assertThat(logout(Host.post(forged)).status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_token_without_a_session_is_revoked_itself() {
        Map<String, Object> claims = host.claims(Host.ALICE);
        String loose = host.sign(claims);

        assertThat(logout(Host.post(loose)).status()).isEqualTo(200);
        assertThat(host.isAccepted(loose)).isFalse();
        assertThat(host.isAccepted(token)).isTrue();
    }

    @Test
    void two_tokens_without_a_session_are_not_one() {
        String one = host.sign(host.claims(Host.ALICE));
        String two = host.sign(host.claims(Host.ALICE));

        assertThat(logout(Host.json(Host.post(one), "{\"token\":\"" + two + "\"}"))
                        .status())
                .isEqualTo(400);
        assertThat(host.isAccepted(one) && host.isAccepted(two)).isTrue();
    }

    @Test
    void an_outage_clears_nothing_so_that_the_client_can_try_again() {
        host.store.cut();

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.bodyText()).isEqualTo(FAILED);
        assertThat(response.headers())
                .containsExactly(
                        new HeaderField("Content-Type", "application/json; charset=utf-8"),
                        new HeaderField("Cache-Control", "no-store"));

        host.store.mend();
        assertThat(logout(Host.post(token)).status()).isEqualTo(200);
    }

    @Test
    void an_unexpected_failure_is_answered_too() {
        host.store.failWith(new IllegalStateException("SELECT * FROM secret WHERE token = '" + token + "'"));

        EndpointResponse response = logout(Host.post(token));

        assertThat(response.status()).isEqualTo(500);
        assertThat(response.bodyText()).isEqualTo(FAILED);
        assertThat(response.headers("Set-Cookie")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "post", "", "POST\r\nX: y"})
    void any_other_method_changes_nothing(String method) {
        EndpointResponse response = endpoints.logout(EndpointRequest.of(method)
                .header("Authorization", "Bearer " + token)
                .build());

        assertThat(response.status()).isEqualTo(405);
        assertThat(response.headers("Allow")).isEqualTo(List.of("POST"));
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_token_in_the_query_is_no_token() {
        EndpointResponse response = logout(
                EndpointRequest.of("POST").queryParameter("access_token", token).queryParameter("token", token));

        assertThat(response.status()).isEqualTo(401);
        assertThat(host.isLive(session)).isTrue();
    }

    @Test
    void a_token_that_was_revoked_alone_cannot_end_the_session_and_clears_nothing() {
        String revoked = host.token(session);
        host.service.revokeToken(
                host.verifier.verify(revoked), RevocationCause.byUser(RevocationReason.SUSPICIOUS_ACTIVITY));

        for (Profile profile : Profile.values()) {
            EndpointResponse response =
                    host.endpoints(profile).logout(Host.post(revoked).build());

            assertThat(response.status()).isEqualTo(401);
            assertThat(response.headers("Set-Cookie")).isEmpty();
        }
        assertThat(host.isLive(session)).isTrue();
        assertThat(host.isAccepted(token)).isTrue();
    }
}
