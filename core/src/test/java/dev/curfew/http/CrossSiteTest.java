package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.session.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that another site makes a browser send. The host allows {@code https://app.example.com}. */
class CrossSiteTest {
    private final Host host = Host.create();
    private final Session session = host.login(Host.ALICE);
    private final String token = host.token(session);

    private EndpointRequest.Builder withCookie(String method) {
        return EndpointRequest.of(method).header("Cookie", "__Host-at=" + token);
    }

    private int logout(EndpointRequest.Builder request) {
        EndpointResponse response = host.endpoints(Profile.GUIDE).logout(request.build());
        boolean passed = response.status() == 200;
        assertThat(host.isLive(session)).isEqualTo(!passed);
        assertThat(response.headers("Set-Cookie")).hasSize(passed ? 1 : 0);
        return response.status();
    }

    @ParameterizedTest
    @CsvSource({
        "same-origin, 200",
        "none,        200",
        "same-site,   403",
        "cross-site,  403",
        "SAME-ORIGIN, 403",
        "x,           403",
        "'',          403",
    })
    void sec_fetch_site_decides(String site, int status) {
        assertThat(logout(withCookie("POST").header("Sec-Fetch-Site", site))).isEqualTo(status);
    }

    @Test
    void an_allowed_origin_opens_a_sister_site_but_no_other() {
        assertThat(logout(withCookie("POST")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Origin", "https://app.example.com")))
                .isEqualTo(403);
        assertThat(logout(withCookie("POST")
                        .header("Sec-Fetch-Site", "same-site")
                        .header("Origin", "https://evil.example.com")))
                .isEqualTo(403);
        assertThat(logout(withCookie("POST")
                        .header("Sec-Fetch-Site", "same-site")
                        .header("Origin", "https://app.example.com")))
                .isEqualTo(200);
    }

    @Test
    void two_fetch_sites_are_none() {
        assertThat(logout(withCookie("POST")
                        .header("Sec-Fetch-Site", "same-origin")
                        .header("sec-fetch-site", "same-origin")))
                .isEqualTo(403);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com,             200",
        "http://app.example.com,              403",
        "https://app.example.com:8443,        403",
        "https://app.example.com.evil.test,   403",
        "https://a.app.example.com,           403",
        "https://appXexample.com,             403",
        "https://app.example.com@evil.test,   403",
        "null,                                403",
        "'',                                  403",
    })
    void without_fetch_site_the_origin_decides(String origin, int status) {
        assertThat(logout(withCookie("POST").header("Origin", origin).header("Referer", "https://app.example.com/")))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "https://app.example.com/account?x=y,           200",
        "https://app.example.com:443/,                  200",
        "https://app.example.com,                       200",
        "https://evil.test/https://app.example.com/,    403",
        "https://app.example.com.evil.test/,            403",
        "https://app.example.com@evil.test/,            403",
        "https://evil.test#https://app.example.com,     403",
        "javascript:alert(1),                           403",
        "'::',                                          403",
    })
    void without_origin_the_referer_decides(String referer, int status) {
        assertThat(logout(withCookie("POST").header("Referer", referer))).isEqualTo(status);
    }

    @Test
    void with_nothing_to_judge_by_a_cookie_is_refused() {
        assertThat(logout(withCookie("POST"))).isEqualTo(403);
    }

    @Test
    void a_bearer_token_needs_no_proof() {
        assertThat(logout(
                        Host.post(token).header("Sec-Fetch-Site", "cross-site").header("Origin", "null")))
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void it_is_decided_before_the_token_or_the_id_is_looked_at(Profile profile) {
        SessionEndpoints endpoints = host.endpoints(profile);
        EndpointRequest request = EndpointRequest.of("DELETE")
                .header("Cookie", "__Host-at=forged")
                .header("Sec-Fetch-Site", "cross-site")
                .pathId("x")
                .build();

        assertThat(endpoints.revokeSession(request).status()).isEqualTo(403);
        assertThat(endpoints.revokeOtherSessions(request).status()).isEqualTo(403);
        assertThat(endpoints.revokeSession(request).headers("WWW-Authenticate")).isEmpty();
    }

    @Test
    void the_hosts_own_resources_are_protected_too() {
        BearerAuthentication authentication = host.endpoints(Profile.GUIDE).authentication();

        for (String method : new String[] {"POST", "PUT", "PATCH", "DELETE", "PROPFIND"}) {
            assertThat(authentication.authenticate(withCookie(method).build()))
                    .isInstanceOf(AuthenticationResult.Refused.class);
        }
        assertThat(authentication.authenticate(withCookie("GET").build()))
                .isInstanceOf(AuthenticationResult.Authenticated.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "app.example.com",
                "https://",
                "https://app.example.com/",
                "https://app.example.com/x",
                "https://app.example.com?x",
                "https://a@app.example.com",
                "ftp://app.example.com",
                "null",
                "*",
                "https://*.a"
            })
    void an_origin_that_no_browser_sends_is_refused_when_building(String origin) {
        SessionEndpointsBuilder builder = host.endpoints();

        assertThatThrownBy(() -> builder.allowedOrigins(origin)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_origin_is_compared_as_browsers_write_it() {
        SessionEndpoints endpoints = host.endpoints()
                .credentialCookie(Host.COOKIE)
                .allowedOrigins("HTTPS://App.Example.com:443", "http://localhost:3000")
                .build();
        EndpointRequest request =
                withCookie("POST").header("Origin", "https://app.example.com").build();

        assertThat(endpoints.logout(request).status()).isEqualTo(200);
    }
}
