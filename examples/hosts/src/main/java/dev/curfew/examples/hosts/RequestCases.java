package dev.curfew.examples.hosts;

import static dev.curfew.examples.hosts.TwoNodes.LOGOUT;
import static dev.curfew.examples.hosts.TwoNodes.REFRESH;
import static dev.curfew.examples.hosts.TwoNodes.SESSIONS;
import static dev.curfew.examples.hosts.TwoNodes.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.curfew.examples.hosts.TwoNodes.Login;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How requests are written, and how answers arrive. */
interface RequestCases {
    /** Each of these is {@code /shop/me} or {@code /shop/password} to some server, or looks like an open path. */
    List<String> SPELLINGS = List.of(
            "/shop/./me",
            "/shop/hello/../me",
            "/shop/hello/../hello/../me",
            "/shop/%6de",
            "/shop/m%65",
            "/%73hop/me",
            "/shop%2fme",
            "/shop/hello%2f..%2fme",
            "/shop/hello/%2e%2e/me",
            "/shop/hello/.%2e/me",
            "/shop/hello/%252e%252e/me",
            "/shop/hello/..;/me",
            "/shop/hello/..;x=y/me",
            "/shop/..;/shop/me",
            "/shop/.;/me",
            "/shop;x=y/me",
            "/shop/me;x=y",
            "/shop/me;.css",
            "/shop/hello;x=/me",
            "/shop/hello;/../me",
            "/shop/hello;/..;/me",
            "/shop/hello%3b/../me",
            "/shop/hello%00/../me",
            "/shop/hello%23/../me",
            "/shop/hello%3f/../me",
            "/shop/hello%5c..%5cme",
            "/shop/me/",
            "/shop/me//",
            "/shop//me",
            "//shop/me",
            "///shop/me",
            "/shop/ME",
            "/shop/me%20",
            "/shop/me%0a",
            "/shop/me.json",
            "/shop/login/../me",
            "/shop/api/v1/auth/logout/../../../../me",
            "/shop/me?/../hello",
            "/shop/me?x=/shop/hello",
            "/x/../shop/me",
            "/shop\\me",
            "\\shop\\me",
            "/shop/hello\\..\\me",
            "/shop/me#",
            "/shop/%u006de",
            "/shop/%c0%6de",
            "/shop/me%",
            "shop/me",
            "me");

    TwoNodes nodes();

    @Test
    default void the_greeting_is_open_and_everything_else_demands_a_caller() {
        assertThat(nodes().first.send("GET", "/hello", "").statusCode()).isEqualTo(200);
        assertThat(nodes().first.send("GET", "/hello?x=y", "").statusCode()).isEqualTo(200);
        for (String path :
                List.of("/me", "/nowhere", "/hello/x", "/login/x", "/password", "/api/auth", "/api/auth/x")) {
            assertThat(nodes().first.send("GET", path, "").statusCode())
                    .as(path)
                    .isEqualTo(401);
        }
        assertThat(nodes().first.send("GET", "/login", "").statusCode()).isEqualTo(401);
        assertThat(nodes().first.send("POST", "/hello", "").statusCode()).isEqualTo(401);
    }

    @Test
    default void no_spelling_of_a_path_gets_around_the_demand_for_a_caller() {
        for (HttpCalls node : nodes().both()) {
            for (String target : SPELLINGS) {
                assertRefused(node, "GET", target);
                assertRefused(node, "HEAD", target);
                assertRefused(node, "POST", target.replace("me", "password"));
                assertRefused(node, "GET", "http://" + node.base().getAuthority() + target);
            }
        }
    }

    @Test
    default void what_stands_behind_a_hash_is_no_part_of_a_path() {
        // Some servers cut it off, and then greet; none may find another resource by it.
        for (String target : List.of("/shop/hello#/../me", "/shop/hello#/shop/me", "/shop/hello?#/../me")) {
            assertThat(RawCall.to(nodes().first.base(), "GET", target).text()).doesNotContain("\"subject\"");
            RawCall post = RawCall.to(nodes().first.base(), "POST", target.replace("me", "password"));
            assertThat(post.isRefused()).as("%s: %s", target, post.text()).isTrue();
        }
    }

    @Test
    default void strange_requests_reach_nothing_either() {
        String host = "Host: " + nodes().first.base().getAuthority();
        List<String[]> requests = List.of(
                new String[] {"GET /shop/me HTTP/1.0"},
                new String[] {"GET /shop/me HTTP/1.1"},
                new String[] {"GET /shop/me HTTP/1.1", host, "Host: another.example"},
                new String[] {"GET /shop/me HTTP/0.9"},
                new String[] {"GET /shop/me"},
                new String[] {"GET http://another.example/shop/me HTTP/1.1", host},
                new String[] {"CONNECT /shop/me HTTP/1.1", host},
                new String[] {"CONNECT another.example:80 HTTP/1.1", "Host: another.example:80"},
                new String[] {"OPTIONS * HTTP/1.1", host},
                new String[] {"TRACE /shop/me HTTP/1.1", host},
                new String[] {"get /shop/me HTTP/1.1", host},
                new String[] {
                    "GET /shop/me HTTP/1.1", host, "X-HTTP-Method-Override: HEAD", "X-Original-URL: /shop/hello"
                },
                new String[] {"POST /shop/login HTTP/1.1", host, "X-Rewrite-URL: /shop/me", "X-Forwarded-Prefix: /shop"
                },
                new String[] {"GET /shop/" + "x".repeat(200_000) + " HTTP/1.1", host},
                new String[] {"GET /shop/hello/" + "../".repeat(2_000) + "shop/me HTTP/1.1", host},
                new String[] {"GET /shop/me HTTP/1.1", host, "X: y\r\n".repeat(5_000) + "X: y"},
                new String[] {"GET /shop/me HTTP/1.1", host, "Authorization: Bearer " + "x".repeat(200_000)});
        for (HttpCalls node : nodes().both()) {
            for (String[] request : requests) {
                RawCall answer = RawCall.lines(node.base(), request);
                assertThat(answer.text()).as(request[0]).doesNotContain("\"subject\"");
                // An answer to OPTIONS may say which methods a server knows.
                if (!request[0].startsWith("OPTIONS")) {
                    assertThat(answer.isRefused())
                            .as("%s: %s", request[0], answer.text())
                            .isTrue();
                }
            }
            assertThat(node.send("GET", "/hello", "").statusCode()).isEqualTo(200);
        }
    }

    @Test
    default void trace_shows_nobody_a_cookie() {
        Login alice = nodes().login(nodes().first, "alice");

        RawCall answer = RawCall.to(
                nodes().first.base(),
                "TRACE",
                "/shop/me",
                "Authorization: Bearer " + alice.token(),
                "Cookie: a=secret");

        assertThat(answer.text()).doesNotContain("a=secret").doesNotContain(alice.token());
    }

    @Test
    default void endpoints_are_below_the_context_path_and_nowhere_else() {
        Login alice = nodes().login(nodes().first, "alice");
        String bearer = "Authorization: Bearer " + alice.token();

        for (String target : List.of(
                SESSIONS,
                "/shop/shop" + SESSIONS,
                "/other" + SESSIONS,
                "/shopx" + SESSIONS,
                "//shop" + SESSIONS,
                "/shop/" + SESSIONS,
                "/shop" + SESSIONS + ";x",
                "/shop/api/auth/../auth/sessions",
                "/shop/api/auth/%73essions")) {
            RawCall list = RawCall.to(nodes().first.base(), "GET", target, bearer);
            assertThat(list.isRefused()).as("%s: %s", target, list.text()).isTrue();
            assertThat(list.text()).as(target).doesNotContain(alice.session());
            RawCall end = RawCall.to(nodes().first.base(), "DELETE", target + "/" + alice.session(), bearer);
            assertThat(end.isRefused()).as("%s: %s", target, end.text()).isTrue();
        }
        assertThat(RawCall.to(nodes().first.base(), "POST", LOGOUT, bearer).isRefused())
                .isTrue();
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
        assertThat(nodes().first.get(SESSIONS, alice.token()).body()).contains(alice.session());
    }

    @Test
    default void an_id_in_the_path_is_read_once_and_names_nothing_else() {
        Login alice = nodes().login(nodes().first, "alice");
        Login other = nodes().login(nodes().first, "alice");
        String bearer = "Authorization: Bearer " + alice.token();

        for (String id :
                List.of("", "x", ".", "%20", "%2e%2e", "%00", "%", "%zz", "%252e", "*", other.session() + "x")) {
            RawCall end = RawCall.to(nodes().first.base(), "DELETE", "/shop" + SESSIONS + "/" + id, bearer);
            assertThat(end.isRefused()).as("%s: %s", id, end.text()).isTrue();
        }
        assertThat(nodes().first.get("/me", other.token()).statusCode()).isEqualTo(200);
        String spelled = "%" + Integer.toHexString(other.session().charAt(0))
                + other.session().substring(1);
        assertThat(nodes().first.delete(SESSIONS + "/" + spelled, alice.token()).statusCode())
                .isEqualTo(204);
        assertThat(nodes().first.get("/me", other.token()).statusCode()).isEqualTo(401);
    }

    @Test
    default void an_unknown_method_is_405_and_names_those_that_there_are() {
        Login alice = nodes().login(nodes().first, "alice");
        String[] bearer = HttpCalls.bearer(alice.token());

        for (String method : List.of("GET", "PUT", "DELETE", "PATCH")) {
            HttpResponse<String> logout = nodes().first.send(method, LOGOUT, "", bearer);
            assertThat(logout.statusCode()).as(method).isEqualTo(405);
            assertThat(logout.headers().allValues("Allow")).containsExactly("POST");
            assertThat(nodes().first.send(method, REFRESH, "", bearer).statusCode())
                    .isEqualTo(405);
        }
        HttpResponse<String> list = nodes().first.send("PUT", SESSIONS, "", bearer);
        assertThat(list.statusCode()).isEqualTo(405);
        assertThat(list.headers().allValues("Allow")).containsExactly("GET, DELETE");
        assertThat(nodes().first.send("PUT", SESSIONS + "/x", "", bearer).statusCode())
                .isEqualTo(405);
        assertThat(nodes().first.send("PUT", "/me", "", bearer).statusCode()).isBetween(400, 499);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
    }

    @Test
    default void head_and_options_do_no_harm() {
        Login alice = nodes().login(nodes().first, "alice");
        String[] bearer = HttpCalls.bearer(alice.token());

        for (String path : List.of(
                "/me", "/password", "/hello", "/login", SESSIONS, LOGOUT, REFRESH, SESSIONS + "/" + alice.session())) {
            HttpResponse<String> head = nodes().first.send("HEAD", path, "", bearer);
            assertThat(head.body()).as(path).isEmpty();
            nodes().first.send("OPTIONS", path, "", bearer);
            assertThat(nodes().first.send("OPTIONS", path, "").body()).doesNotContain(alice.session());
        }
        assertThat(nodes().first.send("HEAD", "/hello", "").statusCode()).isEqualTo(200);
        assertThat(nodes().first.send("HEAD", "/me", "").statusCode()).isEqualTo(401);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
        assertThat(nodes().first.get(SESSIONS, alice.token()).body()).contains(alice.session());
    }

    @Test
    default void a_body_that_is_too_long_broken_or_no_json_is_refused_and_ends_nothing() {
        Login alice = nodes().login(nodes().first, "alice");
        String authorization = "Authorization";
        String bearer = "Bearer " + alice.token();
        String longest = "{\"token\":\"" + "x".repeat(16 * 1024) + "\"}";

        assertThat(nodes().first
                        .postJson(LOGOUT, longest, authorization, bearer)
                        .statusCode())
                .isEqualTo(413);
        assertThat(nodes().first.postJson(LOGOUT, "{", authorization, bearer).statusCode())
                .isEqualTo(400);
        assertThat(nodes().first
                        .postJson(LOGOUT, "{\"token\":1}", authorization, bearer)
                        .statusCode())
                .isEqualTo(400);
        assertThat(nodes().first
                        .send("POST", LOGOUT, "token=x", authorization, bearer, "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        // A form is one for frameworks that read its fields; nobody has taken the body away.
        assertThat(nodes().first
                        .send(
                                "POST",
                                LOGOUT,
                                "token=x",
                                authorization,
                                bearer,
                                "Content-Type",
                                "application/x-www-form-urlencoded")
                        .statusCode())
                .isEqualTo(415);
        assertThat(nodes().first.get("/me", alice.token()).statusCode()).isEqualTo(200);
    }

    @Test
    default void answers_arrive_as_they_were_made_line_by_line() {
        Login alice = nodes().login(nodes().first, "alice");

        HttpResponse<String> refused = nodes().first.get("/me", "x");
        assertThat(refused.headers().allValues("WWW-Authenticate"))
                .singleElement()
                .asString()
                .startsWith("Bearer realm=\"shop\"");
        assertThat(refused.headers().allValues("Content-Type")).containsExactly("application/problem+json");
        assertThat(refused.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(json(refused)).containsEntry("status", 401L);

        HttpResponse<String> spanish =
                nodes().first.send("GET", "/me", "", "Accept-Language", "es", "Authorization", "Bearer x");
        assertThat(json(spanish).get("detail"))
                .asString()
                .contains("inválido")
                .isNotEqualTo(json(refused).get("detail"));

        HttpResponse<String> list = nodes().first.get(SESSIONS, alice.token());
        assertThat(list.headers().allValues("Content-Type"))
                .allSatisfy(type -> assertThat(type.replace(" ", "")).isEqualTo("application/json;charset=utf-8"));

        HttpResponse<String> logout = nodes().first.post(LOGOUT, alice.token());
        assertThat(logout.statusCode()).isEqualTo(204);
        assertThat(logout.body()).isEmpty();
        assertThat(logout.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(logout.headers().allValues("Set-Cookie"))
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith("shop-refresh=;")
                        .contains("Path=/shop/api/v1/auth")
                        .contains("Max-Age=0"))
                .anySatisfy(cookie -> assertThat(cookie).startsWith("shop-basket=;"))
                .hasSize(2);
    }

    private static void assertRefused(HttpCalls node, String method, String target) {
        RawCall answer = RawCall.to(node.base(), method, target);
        assertThat(answer.isRefused())
                .as("%s %s: %s", method, target, answer.text())
                .isTrue();
        assertThat(answer.text()).as(target).doesNotContain("\"subject\"");
    }
}
