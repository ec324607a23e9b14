package dev.curfew.examples.hosts;

import static dev.curfew.examples.hosts.TwoNodes.LOGOUT;
import static dev.curfew.examples.hosts.TwoNodes.REFRESH;
import static dev.curfew.examples.hosts.TwoNodes.SESSIONS;
import static dev.curfew.examples.hosts.TwoNodes.cookie;
import static dev.curfew.examples.hosts.TwoNodes.form;
import static dev.curfew.examples.hosts.TwoNodes.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.hosts.TwoNodes.Login;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is taken for a credential, from where, and what is not. */
interface CredentialCases {
    TwoNodes nodes();

    @Test
    default void the_refresh_cookie_is_kept_from_scripts_from_other_sites_and_from_other_paths() {
        HttpResponse<String> login = nodes().first.postJson("/login", form("alice", "alice's password"));

        assertThat(login.headers().allValues("Set-Cookie")).singleElement().satisfies(cookie -> {
            assertThat(cookie).startsWith("shop-refresh=");
            assertThat(cookie.split("; ", -1)).contains("HttpOnly", "SameSite=Strict", "Path=/shop/api/v1/auth");
        });
        assertThat(login.headers().allValues("Cache-Control")).contains("no-store");
    }

    @Test
    default void a_refresh_by_cookie_brings_a_new_token_and_a_new_cookie() {
        Login alice = nodes().login(nodes().first, "alice");

        HttpResponse<String> answer = refresh(nodes().second, alice.cookie(), "same-origin");

        assertThat(answer.statusCode()).isEqualTo(200);
        String token = text(answer, "accessToken");
        assertThat(token).isNotEqualTo(alice.token());
        assertThat(text(nodes().first.get("/me", token), "session")).isEqualTo(alice.session());
        String cookie = cookie(answer);
        assertThat(cookie).startsWith("shop-refresh=").isNotEqualTo(alice.cookie());
        // Another tab may still have the old one: it is told to look for the new cookie, and no cookie is touched.
        HttpResponse<String> again = refresh(nodes().first, alice.cookie(), "same-origin");
        assertThat(again.statusCode()).isEqualTo(409);
        assertThat(again.headers().allValues("Retry-After")).containsExactly("1");
        assertThat(again.headers().allValues("Set-Cookie")).isEmpty();
        assertThat(refresh(nodes().first, cookie, "same-origin").statusCode()).isEqualTo(200);
    }

    @Test
    default void what_another_site_sends_with_the_cookie_alone_is_refused() {
        Login alice = nodes().login(nodes().first, "alice");

        for (String site : List.of("cross-site", "same-site")) {
            assertThat(refresh(nodes().first, alice.cookie(), site).statusCode())
                    .isEqualTo(403);
        }
        assertThat(nodes().first
                        .send("POST", LOGOUT, "", "Cookie", alice.cookie(), "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
        assertThat(refresh(nodes().first, alice.cookie(), "same-origin").statusCode())
                .isEqualTo(200);
    }

    @Test
    default void a_logout_with_the_cookie_alone_ends_its_session() {
        Login alice = nodes().login(nodes().first, "alice");

        HttpResponse<String> answer =
                nodes().first.send("POST", LOGOUT, "", "Cookie", alice.cookie(), "Sec-Fetch-Site", "same-origin");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(401);
    }

    @Test
    default void a_logout_by_a_token_in_the_body_ends_its_session() {
        Login alice = nodes().login(nodes().first, "alice");

        assertThat(nodes().first
                        .postJson(LOGOUT, "{\"token\":\"" + alice.token() + "\"}")
                        .statusCode())
                .isEqualTo(204);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(401);
    }

    @Test
    default void an_expired_token_is_refused_and_still_ends_its_session_at_a_logout() {
        Login alice = nodes().login(nodes().first, "alice");
        Instant earlier = Instant.now().minus(Duration.ofMinutes(10));
        String expired = nodes().forge.sign(TokenForge.claims("alice", alice.session(), earlier));
        assertRefused(nodes().first.get("/me", expired));
        assertRefused(nodes().first.get(SESSIONS, expired));
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);

        HttpResponse<String> logout = nodes().first.post(LOGOUT, expired);

        assertRefused(logout);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(401);
        assertThat(refresh(nodes().first, alice.cookie(), "same-origin").statusCode())
                .isEqualTo(401);
    }

    @Test
    default void what_the_shop_has_not_issued_for_itself_is_refused_everywhere() {
        Login alice = nodes().login(nodes().first, "alice");

        for (String bad : badTokens(alice)) {
            assertRefused(nodes().first.get("/me", bad));
            assertRefused(nodes().first.get("/nowhere", bad));
            assertRefused(nodes().first.post("/password", bad));
            assertRefused(nodes().first.get(SESSIONS, bad));
            assertRefused(nodes().first.delete(SESSIONS, bad));
            assertRefused(nodes().first.delete(SESSIONS + "/" + alice.session(), bad));
            assertRefused(nodes().first.post(LOGOUT, bad));
            // Who has a bad one can still log in, and read what is for all.
            assertThat(nodes().first.get("/hello", bad).statusCode()).isEqualTo(200);
        }
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
        // The forge itself makes good ones.
        String good = nodes().forge.sign(TokenForge.claims("alice", alice.session()));
        assertThat(nodes().first.get("/me", good).statusCode()).isEqualTo(200);
    }

    private List<String> badTokens(Login alice) {
        Map<String, Object> claims = TokenForge.claims("alice", alice.session());
        List<String> bad = new ArrayList<>();
        bad.add("x");
        bad.add(alice.token() + "x");
        bad.add(alice.token().substring(0, alice.token().lastIndexOf('.') + 1));
        bad.add(new TokenForge(new byte[32]).sign(claims));
        bad.add(TokenForge.unsigned(claims));
        // An ID token, and a JWT of no type.
        bad.add(nodes().forge.sign(claims, "JWT"));
        bad.add(nodes().forge.sign(with(claims, "aud", "another-api")));
        bad.add(nodes().forge.sign(with(claims, "iss", "https://evil.example")));
        bad.add(nodes().forge.sign(with(claims, "exp", null)));
        bad.add(nodes().forge.sign(with(claims, "sid", null)));
        bad.add(nodes().forge.sign(with(claims, "iat", Instant.now().getEpochSecond() + 3_600)));
        bad.add(nodes().forge.sign(with(claims, "exp", Instant.now().getEpochSecond() + 36_000)));
        return bad;
    }

    @Test
    default void a_token_is_read_from_nowhere_but_the_header_a_cookie_or_the_body_of_a_logout() {
        Login alice = nodes().login(nodes().first, "alice");
        String token = alice.token();

        for (String query : List.of("?token=" + token, "?access_token=" + token, "?Authorization=Bearer%20" + token)) {
            assertRefused(nodes().first.send("GET", "/me" + query, ""));
            assertRefused(nodes().first.send("GET", SESSIONS + query, ""));
            assertRefused(nodes().first.send("POST", LOGOUT + query, ""));
        }
        assertRefused(nodes().first.send("GET", "/me", "", "Authorization", "Basic " + token));
        assertRefused(nodes().first.send("GET", "/me", "", "Authorization", token));
        assertRefused(nodes().first.send("GET", "/me", "", "Cookie", "token=" + token));
        assertRefused(nodes().first.send("GET", "/me", "", "Cookie", alice.cookie()));
        assertRefused(nodes().first.postJson("/password", "{\"token\":\"" + token + "\"}"));
        assertRefused(nodes().first.send("GET", "/me", ""));
        assertThat(nodes().first.get("/me", token).statusCode()).isEqualTo(200);
    }

    @Test
    default void two_authorization_headers_are_400_whichever_is_the_good_one() {
        Login alice = nodes().login(nodes().first, "alice");

        for (String path : List.of("/me", SESSIONS)) {
            for (String other : List.of("Bearer x", "Bearer " + alice.token(), "Basic eDp5")) {
                String good = "Bearer " + alice.token();
                assertThat(nodes().first
                                .send("GET", path, "", "Authorization", good, "Authorization", other)
                                .statusCode())
                        .isEqualTo(400);
                assertThat(nodes().first
                                .send("GET", path, "", "Authorization", other, "Authorization", good)
                                .statusCode())
                        .isEqualTo(400);
            }
        }
    }

    private static HttpResponse<String> refresh(HttpCalls node, String cookie, String site) {
        return node.send("POST", REFRESH, "", "Cookie", cookie, "Sec-Fetch-Site", site);
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, @Nullable Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(claims);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    private static void assertRefused(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.request().toString()).isEqualTo(401);
        assertThat(answer.headers().allValues("WWW-Authenticate"))
                .as(answer.request().toString())
                .singleElement()
                .asString()
                .startsWith("Bearer realm=\"shop\"");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
    }
}
