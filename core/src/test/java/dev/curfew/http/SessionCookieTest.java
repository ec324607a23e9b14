package dev.curfew.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.curfew.http.SessionCookie.SameSite;
import dev.curfew.session.Session;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies are cleared exactly as they were set. */
class SessionCookieTest {
    static Stream<SessionCookie> cookies() {
        return Stream.of(
                SessionCookie.named("__Host-sid").build(),
                SessionCookie.named("__hOST-sid").sameSite(SameSite.STRICT).build(),
                SessionCookie.named("__Host-sid")
                        .partitioned()
                        .sameSite(SameSite.NONE)
                        .build(),
                SessionCookie.named("__Secure-sid")
                        .domain("example.com")
                        .path("/api")
                        .build(),
                SessionCookie.named("refresh").path("/api/v1/auth").build(),
                SessionCookie.named("csrf").readableByScripts().build(),
                SessionCookie.named("dev").allowWithoutTls().build());
    }

    @ParameterizedTest
    @MethodSource("cookies")
    void the_clearing_really_clears(SessionCookie cookie) {
        CookieJar jar = new CookieJar("api.example.com");
        jar.receive(cookie.set("secret"));
        assertThat(jar.isEmpty()).as("set by " + cookie).isFalse();

        jar.receive(cookie.clear());

        assertThat(jar.isEmpty()).as("cleared by " + cookie).isTrue();
    }

    @Test
    void a_clearing_of_another_path_or_domain_would_not() {
        CookieJar jar = new CookieJar("api.example.com");
        jar.receive(SessionCookie.named("sid").path("/api").build().set("secret"));
        jar.receive(SessionCookie.named("sid").build().clear());
        jar.receive(SessionCookie.named("sid")
                .path("/api")
                .domain("example.com")
                .build()
                .clear());
        jar.receive(
                SessionCookie.named("sid").path("/api").partitioned().build().clear());

        assertThat(jar.isEmpty()).isFalse();
    }

    @Test
    void the_headers_are_these() {
        SessionCookie cookie = SessionCookie.named("__Host-sid").build();

        assertThat(cookie.set("a.b-c_d").value())
                .isEqualTo("__Host-sid=a.b-c_d; Path=/; Secure; HttpOnly; SameSite=Lax");
        assertThat(cookie.clear().value())
                .isEqualTo("__Host-sid=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; Secure; HttpOnly;"
                        + " SameSite=Lax");
        assertThat(SessionCookie.named("x")
                        .domain("example.com")
                        .path("/a b")
                        .readableByScripts()
                        .sameSite(SameSite.NONE)
                        .partitioned()
                        .build()
                        .set("")
                        .value())
                .isEqualTo("x=; Domain=example.com; Path=/a b; Secure; SameSite=None; Partitioned");
    }

    @Test
    void what_a_browser_would_refuse_cannot_be_built() {
        List<SessionCookie.Builder> refused = List.of(
                SessionCookie.named("__Host-a").domain("example.com"),
                SessionCookie.named("__HOST-a").domain("example.com"),
                SessionCookie.named("__Host-a").path("/api"),
                SessionCookie.named("__Host-a").allowWithoutTls(),
                SessionCookie.named("__Secure-a").allowWithoutTls(),
                SessionCookie.named("a").allowWithoutTls().sameSite(SameSite.NONE),
                SessionCookie.named("a").allowWithoutTls().partitioned());

        for (SessionCookie.Builder builder : refused) {
            assertThatThrownBy(builder::build).isInstanceOf(IllegalStateException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a;b", "a\r\nb", "a\0", "a b", "é", "a,b", "a\"b", "a\\b"})
    void noPartCanBreakOut(String text) {
        assertThatThrownBy(() -> SessionCookie.named("x").build().set(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(text);
        assertThatThrownBy(() -> SessionCookie.named("x").domain(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionCookie.named(text + "=")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SessionCookie.named("x").path("/;" + text))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_value_that_no_browser_keeps_is_refused() {
        SessionCookie cookie = SessionCookie.named("sid").build();

        assertThat(cookie.set("x".repeat(4093)).name()).isEqualTo("Set-Cookie");
        assertThatThrownBy(() -> cookie.set("x".repeat(4094))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_logout_clears_all_of_them_each_in_its_own_header() {
        Host host = Host.create();
        Session session = host.login(Host.ALICE);
        List<SessionCookie> cookies = cookies().toList();
        SessionEndpoints endpoints = host.endpoints()
                .credentialCookie(cookies.get(0))
                .alsoClear(cookies.subList(1, cookies.size()).toArray(SessionCookie[]::new))
                .build();
        CookieJar jar = new CookieJar("api.example.com");
        cookies.forEach(cookie -> jar.receive(cookie.set("secret")));

        EndpointResponse response =
                endpoints.logout(Host.post(host.token(session)).build());

        assertThat(response.headers("Set-Cookie")).hasSize(cookies.size());
        response.headers().stream()
                .filter(header -> header.isNamed("set-cookie"))
                .forEach(jar::receive);
        assertThat(jar.isEmpty()).isTrue();
    }

    @Test
    void site_data_is_cleared_by_success_only() {
        Host host = Host.create();
        String token = host.token(host.login(Host.ALICE));
        for (Profile profile : Profile.values()) {
            SessionEndpoints endpoints = host.endpoints()
                    .profile(profile)
                    .clearSiteData(ClearSiteData.STORAGE, ClearSiteData.COOKIES)
                    .build();
            String fresh = host.token(host.login(Host.ALICE));

            assertThat(endpoints.logout(Host.post("x").build()).headers("Clear-Site-Data"))
                    .isEmpty();
            assertThat(endpoints.logout(Host.post(fresh).build()).headers("Clear-Site-Data"))
                    .containsExactly("\"cookies\", \"storage\"");
            host.store.cut();
            assertThat(endpoints.logout(Host.post(token).build()).headers("Clear-Site-Data"))
                    .isEmpty();
            host.store.mend();
        }
    }

    @Test
    void transport_security_is_sent_only_by_tls_and_only_if_asked_for() {
        Host host = Host.create();
        EndpointRequest plain = Host.get("x").build();
        EndpointRequest secure = Host.get("x").secure(true).build();
        SessionEndpoints silent = host.endpoints().build();
        SessionEndpoints strict = host.endpoints()
                .strictTransportSecurityWithSubdomains(Duration.ofDays(730))
                .build();

        assertThat(silent.listSessions(secure).headers("Strict-Transport-Security"))
                .isEmpty();
        assertThat(strict.listSessions(plain).headers("Strict-Transport-Security"))
                .isEmpty();
        assertThat(strict.listSessions(secure).headers("Strict-Transport-Security"))
                .containsExactly("max-age=63072000; includeSubDomains");
        assertThatThrownBy(() -> host.endpoints().strictTransportSecurity(Duration.ofDays(364)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
