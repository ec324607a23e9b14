package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.memory.InMemoryRateLimiter;
import dev.curfew.session.Session;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which session a request speaks of, and that doubt is refused. */
class CredentialsTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final Session other = host.login(Host.ALICE);
    private final String token = host.token(session);
    private final String otherToken = host.token(other);

    private static EndpointRequest.Builder fromOurPage() {
        return EndpointRequest.of("POST").header("Sec-Fetch-Site", "same-origin");
    }

    private int logout(EndpointRequest.Builder request) {
        return host.endpoints(Profile.GUIDE).logout(request.build()).status();
    }

    private void assertNothingEnded() {
        assertThat(host.isLive(session)).isTrue();
        assertThat(host.isLive(other)).isTrue();
    }

    @Test
    void a_cookie_is_a_credential() {
        assertThat(logout(fromOurPage().header("cookie", "a=b; __Host-at=" + token + "; c=d")))
                .isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
    }

    @Test
    void a_cookie_nobody_configured_is_none() {
        SessionEndpoints endpoints = host.endpoints().build();
        EndpointRequest request =
                fromOurPage().header("Cookie", "__Host-at=" + token).build();

        assertThat(endpoints.logout(request).status()).isEqualTo(401);
        assertNothingEnded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"__host-at", "__Host-AT", "__Host-at2", "x__Host-at", "__Host-at ="})
    void a_cookie_of_a_nearly_equal_name_is_none(String name) {
        assertThat(logout(fromOurPage().header("Cookie", name.replace("=", "") + "x=" + token)))
                .isEqualTo(401);
        assertNothingEnded();
    }

    @ParameterizedTest
    @EnumSource
    void cookies_of_the_name_that_are_of_different_sessions_or_too_many_are_refused(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        String[][] spellings = {
            {"__Host-at=" + token + "; __Host-at=" + otherToken},
            {"__Host-at=" + token, "__Host-at=" + otherToken},
            {"__Host-at=" + token + "; __Host-at=x; __Host-at=" + otherToken},
            {"__Host-at=" + token + "; __Host-at=a; __Host-at=b; __Host-at=c; __Host-at=d"},
        };
        for (String[] lines : spellings) {
            EndpointRequest.Builder request = fromOurPage();
            for (String line : lines) {
                request.header("Cookie", line);
            }
            assertThat(endpoints.logout(request.build()).status()).isEqualTo(400);
        }
        assertNothingEnded();
    }

    @ParameterizedTest
    @EnumSource
    void a_cookie_that_a_sister_domain_set_locks_nobody_out(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        String bad = host.forged(other);
        for (String[] lines : new String[][] {
            {"__Host-at=x; __Host-at=" + token},
            {"__Host-at=" + token + "; __Host-at=" + bad + "; __Host-at=x; __Host-at=y"},
            {"__Host-at=" + bad, "__Host-at=" + token},
        }) {
            EndpointRequest.Builder request = EndpointRequest.of("GET");
            for (String line : lines) {
                request.header("Cookie", line);
            }
            assertThat(endpoints.listSessions(request.build()).status()).isEqualTo(200);
            assertThat(endpoints.authentication().authenticate(request.build()))
                    .isInstanceOf(AuthenticationResult.Authenticated.class);
        }
        assertNothingEnded();

        EndpointResponse logout = endpoints.logout(fromOurPage()
                .header("Cookie", "__Host-at=x; __Host-at=" + token)
                .build());

        assertThat(logout.status()).isEqualTo(profile == Profile.GUIDE ? 200 : 204);
        assertThat(logout.headers("Set-Cookie"))
                .containsExactly(Host.COOKIE.clear().value());
        assertThat(host.isLive(session)).isFalse();
        assertThat(host.isLive(other)).isTrue();
    }

    @Test
    void two_cookies_of_one_session_are_one_and_an_expired_one_stands_behind() {
        String old = host.token(other);
        host.expired(old);
        String fresh = host.token(session);

        assertThat(logout(fromOurPage()
                        .header(
                                "Cookie",
                                "__Host-at=" + old + "; __Host-at=" + fresh + "; __Host-at=" + host.token(session))))
                .isEqualTo(200);
        assertThat(host.isLive(session)).isFalse();
        assertThat(host.isLive(other)).isTrue();
    }

    @Test
    void several_bad_cookies_are_one_bad_call_and_are_cleared() {
        SessionEndpoints endpoints = host.endpoints()
                .credentialCookie(Host.COOKIE)
                .rateLimiter(InMemoryRateLimiter.of(2, Duration.ofMinutes(1)))
                .build();
        for (int status : new int[] {401, 401, 429}) {
            EndpointResponse response = endpoints.logout(fromOurPage()
                    .header("Cookie", "__Host-at=x; __Host-at=" + host.forged(session))
                    .clientAddress("203.0.113.7")
                    .build());
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.headers("Set-Cookie")).hasSize(status == 401 ? 1 : 0);
        }
        assertNothingEnded();
    }

    @Test
    void a_bearer_token_beside_several_cookies_must_be_of_the_same_session_as_the_good_one() {
        String cookies = "__Host-at=x; __Host-at=" + token;

        assertThat(logout(Host.post(otherToken).header("Cookie", cookies))).isEqualTo(400);
        assertNothingEnded();
        assertThat(logout(Host.post(host.token(session)).header("Cookie", cookies)))
                .isEqualTo(200);
    }

    @Test
    void several_cookies_alone_need_the_proof_of_their_origin_too() {
        assertThat(logout(EndpointRequest.of("POST")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Cookie", "__Host-at=x; __Host-at=" + token)))
                .isEqualTo(403);
        assertNothingEnded();
    }

    @Test
    void the_same_cookie_twice_is_one() {
        assertThat(logout(fromOurPage().header("Cookie", "__Host-at=" + token + "; __Host-at=" + token)))
                .isEqualTo(200);
    }

    @Test
    void cookie_and_bearer_of_different_sessions_are_refused_by_every_endpoint() {
        SessionEndpoints endpoints = host.endpoints(Profile.GUIDE);
        String cookie = "__Host-at=" + otherToken;

        assertThat(logout(Host.post(token).header("Cookie", cookie))).isEqualTo(400);
        EndpointRequest delete =
                Host.delete(token).header("Cookie", cookie).pathId("x").build();
        assertThat(endpoints.revokeSession(delete).status()).isEqualTo(400);
        assertThat(endpoints.revokeOtherSessions(delete).status()).isEqualTo(400);
        EndpointRequest get = Host.get(token).header("Cookie", cookie).build();
        assertThat(endpoints.listSessions(get).status()).isEqualTo(400);
        assertThat(endpoints.authentication().authenticate(get))
                .isInstanceOfSatisfying(
                        AuthenticationResult.Refused.class,
                        refused -> assertThat(refused.response().status()).isEqualTo(400));
        assertNothingEnded();
    }

    @Test
    void cookie_and_bearer_of_one_session_are_fine_and_need_no_proof() {
        assertThat(logout(Host.post(token).header("Cookie", "__Host-at=" + host.token(session))))
                .isEqualTo(200);
    }

    @Test
    void a_bearer_token_of_somebody_else_beside_the_cookie_ends_nothing() {
        String bobs = host.token(host.login(Host.BOB));

        assertThat(logout(Host.post(bobs).header("Cookie", "__Host-at=" + token)))
                .isEqualTo(400);
        assertNothingEnded();
    }

    @Test
    void several_authorization_headers_are_refused() {
        assertThat(logout(Host.post(token).header("authorization", "Bearer " + otherToken)))
                .isEqualTo(400);
        assertThat(logout(Host.post(token).header("AUTHORIZATION", "Bearer " + token)))
                .isEqualTo(400);
        assertThat(logout(Host.post(token).header("Authorization", "Basic eDp5")))
                .isEqualTo(400);
        assertNothingEnded();
    }

    @Test
    void headers_joined_by_a_proxy_select_no_session() {
        assertThat(logout(Host.post(token + ", Bearer " + otherToken))).isEqualTo(401);
        assertNothingEnded();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic ", "DPoP ", "Bearer", "Bearer\t", "BearerX ", "Token ", ""})
    void another_scheme_is_no_token(String scheme) {
        assertThat(logout(EndpointRequest.of("POST").header("Authorization", scheme + token)))
                .isEqualTo(401);
        assertNothingEnded();
    }

    @Test
    void a_header_name_of_nearly_equal_letters_is_another_header() {
        assertThat(logout(EndpointRequest.of("POST").header("Author\u0131zation", "Bearer " + token)))
                .isEqualTo(401);
        assertThat(logout(fromOurPage().header("Coo\u212Aie", "__Host-at=" + token)))
                .isEqualTo(401);
    }

    @Test
    void an_empty_cookie_is_no_credential() {
        EndpointResponse response = host.endpoints(Profile.STANDARDS)
                .logout(fromOurPage().header("Cookie", "__Host-at=").build());

        assertThat(response.header("WWW-Authenticate")).contains("Bearer realm=\"api\"");
    }

    @Test
    void headers_of_a_request_are_never_printed() {
        assertThat(Host.post(token).build()).hasToString("EndpointRequest[POST]");
        assertThat(new Credentials(token, false, List.of(otherToken), null).toString())
                .doesNotContain(token, otherToken);
        assertThat(EndpointRequest.of("X\r\nY").build()).hasToString("EndpointRequest[?]");
    }
}
