package dev.curfew.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.LoginResult;
import dev.curfew.SessionService;
import dev.curfew.http.SessionCookie;
import dev.curfew.http.SessionEndpointsBuilder;
import dev.curfew.session.DeviceInfo;
import dev.curfew.session.SubjectId;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Opaque session tokens in a cookie, by one property and without any access token. */
class CookieModeTest {
    private static Host host;

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import({ShopController.class, Login.class})
    static class Shop {}

    @RestController
    static class Login {
        private final SessionService sessions;
        private final SessionCookie cookie;

        Login(SessionService sessions, SessionCookie cookie) {
            this.sessions = sessions;
            this.cookie = cookie;
        }

        @PostMapping("/sign-in")
        ResponseEntity<Void> signIn(DeviceInfo device) {
            LoginResult.LoggedIn result = (LoginResult.LoggedIn) sessions.beginLogin(new SubjectId(Host.REALM, "alice"))
                    .withSessionToken()
                    .complete(device);
            String header = cookie.set(result.token().orElseThrow().reveal()).value();
            return ResponseEntity.noContent()
                    .header(HttpHeaders.SET_COOKIE, header)
                    .build();
        }
    }

    @BeforeAll
    static void start() {
        host = Host.start(
                Map.of(
                        "curfew.realm", "shop",
                        "curfew.cookie.name", "__Host-session",
                        "curfew.http.open", "POST /sign-in,/hello"),
                Shop.class);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void a_cookie_signs_in_and_a_logout_clears_it_and_ends_the_session() {
        HttpResponse<String> login = host.post("/sign-in", "");
        String setCookie = login.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(setCookie).contains("__Host-session=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/");
        String cookie = setCookie.substring(0, setCookie.indexOf(';'));

        assertThat(host.get("/me", "Cookie", cookie).body()).isEqualTo("alice");
        assertThat(host.get("/hello", "Cookie", cookie).body()).isEqualTo("hello alice");

        String[] sameOrigin = {"Cookie", cookie, "Sec-Fetch-Site", "same-origin"};
        HttpResponse<String> logout = host.post("/api/v1/auth/logout", "", sameOrigin);
        assertThat(logout.statusCode()).isEqualTo(204);
        assertThat(logout.headers().firstValue("Set-Cookie").orElseThrow()).startsWith("__Host-session=;");
        assertThat(host.get("/me", "Cookie", cookie).statusCode()).isEqualTo(401);
        assertThat(host.get("/hello", "Cookie", cookie).body())
                .as("an open page with a dead cookie")
                .isEqualTo("hello stranger");
    }

    @Test
    void another_site_cannot_use_the_cookie_to_change_something() {
        String setCookie =
                host.post("/sign-in", "").headers().firstValue("Set-Cookie").orElseThrow();
        String cookie = setCookie.substring(0, setCookie.indexOf(';'));
        String[] crossSite = {"Cookie", cookie, "Sec-Fetch-Site", "cross-site"};

        assertThat(host.post("/api/v1/auth/logout", "", crossSite).statusCode()).isEqualTo(403);
        assertThat(host.post("/me", "", crossSite).statusCode())
                .as("a page of the host's")
                .isEqualTo(403);
        assertThat(host.get("/me", "Cookie", cookie).statusCode()).isEqualTo(200);
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @Import(ShopController.class)
    static class OwnCookie {
        static final SessionCookie COOKIE = SessionCookie.named("__Host-mine").build();

        @Bean
        CurfewCustomizer<SessionEndpointsBuilder> cookie() {
            return endpoints -> endpoints.credentialCookie(COOKIE).sessionTokens(Host.REALM);
        }
    }

    @Test
    void a_cookie_that_only_the_endpoints_know_signs_in_too() {
        try (Host own = Host.start(Map.of("curfew.realm", "shop", "curfew.session-tokens", "true"), OwnCookie.class)) {
            LoginResult.LoggedIn login = (LoginResult.LoggedIn) own.bean(SessionService.class)
                    .beginLogin(new SubjectId(Host.REALM, "alice"))
                    .withSessionToken()
                    .complete(DeviceInfo.of("a test"));
            String cookie =
                    OwnCookie.COOKIE.name() + "=" + login.token().orElseThrow().reveal();
            assertThat(own.get("/me", "Cookie", cookie).body()).isEqualTo("alice");
            assertThat(own.get("/me", "Cookie", "another=1").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void no_session_of_the_container_is_made() {
        assertThat(host.get("/me").headers().allValues("Set-Cookie")).isEmpty();
        assertThat(host.get("/hello").headers().allValues("Set-Cookie")).isEmpty();
    }
}
